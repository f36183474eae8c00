# Master boot record, the 440 bytes before the disk signature: moves itself away, reads the first sector of the active
# partition to 0000:7C00 and jumps there with DL = drive and DS:SI = the partition's entry, as every PC boot record expects.
# Sources: windows-formats.md 3.6; INT 13h extensions: Phoenix "Enhanced Disk Drive Specification" 3.0.
        .code16
        .text
        .globl  _start

        .set    LOAD, 0x7C00            # where the firmware puts this sector, and where the next one has to be
        .set    MOVED, 0x0600           # where this sector runs; the link address
        .set    ENTRIES, MOVED + 0x1BE
        .set    ENTRIES_END, ENTRIES + 4 * 16
        .set    SIGNATURE, LOAD + 0x1FE

_start: cli
        xorw    %ax, %ax
        movw    %ax, %ss
        movw    $LOAD, %sp
        movw    %ax, %ds
        movw    %ax, %es
        sti
        cld
        movw    $LOAD, %si
        movw    $MOVED, %di
        movw    $256, %cx
        rep movsw
        ljmp    $0, $moved

moved:  movw    $ENTRIES, %si
find:   cmpb    $0x80, (%si)
        je      active
        addw    $16, %si
        cmpw    $ENTRIES_END, %si
        jb      find
        movw    $no_active, %si
        jmp     stop

active: movl    8(%si), %eax            # the partition's first sector
        movl    %eax, packet + 8
        movb    $0x41, %ah              # are there extensions? CX bit 0: packet calls
        movw    $0x55AA, %bx
        pushw   %dx
        int     $0x13
        popw    %dx
        jc      no_reads
        cmpw    $0xAA55, %bx
        jne     no_reads
        testb   $1, %cl
        jz      no_reads
        movb    $3, tries
read:   movb    $0x42, %ah
        pushw   %si
        pushw   %dx
        movw    $packet, %si
        int     $0x13
        popw    %dx
        popw    %si
        jnc     loaded
        decb    tries
        jz      no_reads
        pushw   %dx
        xorb    %ah, %ah                # reset, then once more
        int     $0x13
        popw    %dx
        jmp     read

loaded: cmpw    $0xAA55, SIGNATURE
        jne     no_system
        ljmp    $0, $LOAD

no_reads:
        movw    $disk_error, %si
        jmp     stop
no_system:
        movw    $not_bootable, %si

stop:   lodsb                           # prints the text at SI, then waits for ever
        testb   %al, %al
        jz      halt
        movb    $0x0E, %ah
        movw    $7, %bx
        int     $0x10
        jmp     stop
halt:   hlt
        jmp     halt

        .balign 4
packet: .byte   16, 0
        .word   1                       # sectors
        .word   LOAD, 0                 # offset, segment
        .quad   0                       # first sector
tries:  .byte   0

no_active:
        .asciz  "\r\nMBR: no partition is active\r\n"
disk_error:
        .asciz  "\r\nMBR: cannot read the disk\r\n"
not_bootable:
        .asciz  "\r\nMBR: the active partition has no boot record\r\n"
        .org    440, 0
