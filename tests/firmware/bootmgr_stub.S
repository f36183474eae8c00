# Stands in for Microsoft's bootmgr: checks what it is entered with (windows-formats.md 3.8) and that all of the file was
# loaded, says so on COM1 and ends QEMU through its isa-debug-exit device.
# The test puts the file's size at +4 and the sum of all bytes from +12 on at +8.
        .code16
        .text
        .globl  _start
        .set    COM1, 0x3F8
        .set    EXIT, 0xF4

_start: jmp     start
drive:  .byte   0                       # before what is summed up
        .org    4
size:   .long   0
sum:    .long   0

start:  cld
        pushfw
        popw    %bp                     # flags as they came
        movw    %ds, %ax
        movw    %es, %bx
        orw     %bx, %ax
        movw    %ss, %bx
        orw     %bx, %ax
        movw    %cs, %bx
        movw    %bx, %ds                # the texts are here
        movw    %bx, %gs
        movb    %dl, drive
        movw    $no_segments, %si
        jnz     fail                    # of the last or: DS, ES and SS were 0
        movw    $no_stack, %si
        cmpw    $0x7C00, %sp
        jne     fail
        movw    $no_place, %si
        cmpw    $0x2000, %bx
        jne     fail
        call    here
here:   popw    %ax
        cmpw    $here, %ax
        jne     fail
        movw    $no_drive, %si
        cmpb    $0x80, drive
        jne     fail
        movw    $no_interrupts, %si
        testw   $0x200, %bp
        jz      fail
        xorw    %ax, %ax
        movw    %ax, %es
        movw    $no_volume, %si
        cmpl    $0x5346544E, %es:0x7C03 # "NTFS"
        jne     fail
        cmpl    $2048, %es:0x7C1C       # hidden sectors
        jne     fail
        cmpw    $0xAA55, %es:0x7DFE
        jne     fail

        movw    $no_a20, %si            # FFFF:0510 is 0000:0500 when A20 is off
        movw    $0xFFFF, %ax
        movw    %ax, %fs
        movw    $0x1234, %es:0x500
        movw    $0x4321, %fs:0x510
        cmpw    $0x1234, %es:0x500
        jne     fail

        movw    $no_file, %si           # the sum, sixteen bytes further at a time
        movl    size, %ecx
        subl    $12, %ecx
        xorl    %edx, %edx
        movw    $12, %di
        movw    %cs, %bx
add:    movw    %bx, %es
        movzbl  %es:(%di), %eax
        addl    %eax, %edx
        incw    %di
        cmpw    $28, %di
        jb      1f
        movw    $12, %di
        incw    %bx
1:      decl    %ecx
        jnz     add
        cmpl    sum, %edx
        jne     fail
        movw    $entered, %si
        call    print
        movb    $0x10, %al
        jmp     exit

fail:   call    print
        movb    $0x11, %al
exit:   outb    %al, $EXIT
1:      hlt
        jmp     1b

print:  movw    %cs, %ax
        movw    %ax, %ds
1:      lodsb
        testb   %al, %al
        jz      3f
        movb    %al, %ah
        movw    $COM1 + 5, %dx
2:      inb     %dx, %al
        testb   $0x20, %al
        jz      2b
        movb    %ah, %al
        movw    $COM1, %dx
        outb    %al, %dx
        jmp     1b
3:      ret

no_segments:    .asciz "bootmgr: DS, ES or SS is not 0\n"
no_stack:       .asciz "bootmgr: SP is not 7C00\n"
no_place:       .asciz "bootmgr: not entered at 2000:0000\n"
no_drive:       .asciz "bootmgr: DL is not the drive\n"
no_interrupts:  .asciz "bootmgr: interrupts are off\n"
no_volume:      .asciz "bootmgr: 0000:7C00 is not the volume's first sector\n"
no_a20:         .asciz "bootmgr: A20 is off\n"
no_file:        .asciz "bootmgr: the file was not loaded whole\n"
entered:        .asciz "bootmgr: entered as Windows expects\n"
