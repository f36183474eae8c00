# A master boot record for a test: switches address line 20 off and starts the partition at sector 2048.
        .code16
        .text
        .globl  _start
        .set    MOVED, 0x600

_start: cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7C00, %sp
        movw    $0x7C00, %si
        movw    $MOVED, %di
        movw    $256, %cx
        cld
        rep movsw
        ljmp    $0, $moved
moved:  sti
        movb    $0x42, %ah
        movw    $packet, %si
        int     $0x13
        inb     $0x92, %al
        andb    $0xFC, %al
        outb    %al, $0x92
        movw    $0xFFFF, %ax            # FFFF:0510 is 0000:0500 now
        movw    %ax, %es
        movw    $0x1234, 0x500
        movw    $0x4321, %es:0x510
        movw    0x500, %bx
        xorw    %ax, %ax
        movw    %ax, %es
        cmpw    $0x4321, %bx
        jne     still_on
        ljmp    $0, $0x7C00
still_on:
        hlt
        jmp     still_on

        .balign 4
packet: .byte   16, 0
        .word   1, 0x7C00, 0
        .quad   2048
