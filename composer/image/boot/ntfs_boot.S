# NTFS boot record ($Boot, 16 sectors): finds \bootmgr in the volume it begins, loads it to 2000:0000 and enters it as
# Microsoft's own boot record does (windows-formats.md 3.8, after GRUB's ntldr command):
#   CS:IP = 2000:0000, DS = ES = SS = 0, SP = 7C00, DL = drive, this sector with its BPB at 0000:7C00, A20 on.
# The volume's layout is that of formats/ntfs.hpp; bytes 03 to 53 of the first sector are left for the volume's writer.
#
#   0000:7C00  this record, 8 KiB; the first sector is never written to
#   0000:9C00  variables
#   0000:A000  a file's base record         4 KiB
#   0000:B000  a file's extension record    4 KiB
#   0000:C000  a file's attribute list      8 KiB
#   0000:E000  an index block               8 KiB
#   1000:0000  runs of $MFT                32 KiB, {u32 cluster, u32 clusters} each
#   1000:8000  runs of the stream at hand  32 KiB
#   2000:0000  bootmgr, as far as there is memory
#
# Sectors of the disk and of streams are 32 bits wide: an MBR cannot say more. What is larger, or not as expected, ends in
# one of the messages at the end, never in a jump to something else.
        .code16
        .text
        .globl  _start

        .set    RECORD, 0x7C00
        .set    SECTOR, 512
        .set    VARIABLES, RECORD + 16 * SECTOR
        .set    BASE, 0xA000
        .set    EXTENSION, 0xB000
        .set    LIST, 0xC000
        .set    LIST_MAX, 0x2000
        .set    INDEX, 0xE000
        .set    INDEX_MAX, 0x2000
        .set    RUNS_SEGMENT, 0x1000
        .set    MFT_RUNS, 0
        .set    STREAM_RUNS, 0x8000
        .set    IMAGE_SEGMENT, 0x2000
        .set    IMAGE, IMAGE_SEGMENT * 16

        # BPB, filled in by the volume's writer.
        .set    sector_size, RECORD + 0x0B              # u16
        .set    sectors_per_cluster, RECORD + 0x0D      # u8
        .set    hidden_sectors, RECORD + 0x1C           # u32, the partition's first sector
        .set    mft_cluster, RECORD + 0x30              # u64
        .set    record_clusters, RECORD + 0x40          # s8, negative: log2 of bytes

        .set    drive, VARIABLES                        # u8
        .set    wanted_named, VARIABLES + 1             # u8: 1 = the stream is called $I30, 0 = it has no name
        .set    is_resident, VARIABLES + 2              # u8: of the stream at hand
        .set    tries, VARIABLES + 3                    # u8
        .set    cluster_sectors, VARIABLES + 4          # u32
        .set    record_sectors, VARIABLES + 8           # u32
        .set    mft_runs_end, VARIABLES + 12            # u16, offset in the segment of runs
        .set    runs_end, VARIABLES + 14                # u16, the same of the stream at hand
        .set    wanted_type, VARIABLES + 16             # u32
        .set    wanted_vcn, VARIABLES + 20              # u32
        .set    next_vcn, VARIABLES + 24                # u32: clusters collected so far
        .set    stream_size, VARIABLES + 28             # u32, bytes
        .set    resident_value, VARIABLES + 32          # u16, address
        .set    list_end, VARIABLES + 34                # u16, address
        .set    base_number, VARIABLES + 36             # u32: MFT record in BASE
        .set    block_size, VARIABLES + 40              # u32, of an index block
        .set    vcn_sectors, VARIABLES + 44             # u32: sectors an index VCN counts
        .set    depth, VARIABLES + 48                   # u8
        .set    packet, VARIABLES + 52                  # 16 bytes

        .set    TYPE_ATTRIBUTE_LIST, 0x20
        .set    TYPE_DATA, 0x80
        .set    TYPE_INDEX_ROOT, 0x90
        .set    TYPE_INDEX_ALLOCATION, 0xA0
        .set    ROOT_DIRECTORY, 5
        .set    MAX_DEPTH, 32

_start: jmp     start
        nop
        .org    0x54, 0
start:  cli
        xorw    %ax, %ax
        movw    %ax, %ss
        movw    $RECORD, %sp
        movw    %ax, %ds
        movw    %ax, %es
        sti
        cld
        ljmp    $0, $here
here:   movb    %dl, drive
        movw    $RUNS_SEGMENT, %ax
        movw    %ax, %fs
        movl    hidden_sectors, %eax    # the other 15 sectors follow this one
        incl    %eax
        movl    $15, %ecx
        movl    $RECORD + SECTOR, %edi
        call    read_sectors
        cmpl    $0x544F4F42, marker     # are they ours?
        jne     damaged
        jmp     main

damaged:
        movw    $damaged_text, %si
        jmp     stop
disk_error:
        movw    $disk_text, %si
stop:   lodsb                           # prints the text at SI, then waits for ever
        testb   %al, %al
        jz      halt
        movb    $0x0E, %ah
        movw    $7, %bx
        int     $0x10
        jmp     stop
halt:   hlt
        jmp     halt

# Reads ECX sectors from sector EAX of the disk on to the linear address EDI, a multiple of 512. Keeps every register.
# No call crosses a 64 KiB line or asks for more than 64 sectors: what all firmware can do.
read_sectors:
        pushal
1:      testl   %ecx, %ecx
        jz      3f
        movzwl  %di, %edx
        shrl    $9, %edx
        negl    %edx
        addl    $128, %edx              # sectors to the next line
        cmpl    $64, %edx
        jbe     2f
        movl    $64, %edx
2:      cmpl    %ecx, %edx
        jbe     2f
        movl    %ecx, %edx
2:      movw    $16, packet
        movw    %dx, packet + 2
        movw    $0, packet + 4
        movl    %edi, %ebx
        shrl    $4, %ebx
        movw    %bx, packet + 6
        movl    %eax, packet + 8
        movl    $0, packet + 12
        call    read_packet
        subl    %edx, %ecx
        addl    %edx, %eax
        shll    $9, %edx
        addl    %edx, %edi
        jmp     1b
3:      popal
        ret

read_packet:
        pushal
        movb    $3, tries
1:      movb    $0x42, %ah
        movb    drive, %dl
        movw    $packet, %si
        int     $0x13
        jnc     2f
        decb    tries
        jz      disk_error
        xorb    %ah, %ah                # reset, then once more
        movb    drive, %dl
        int     $0x13
        jmp     1b
2:      popal
        ret

damaged_text:
        .asciz  "\r\nNTFS boot: the file system is damaged\r\n"
disk_text:
        .asciz  "\r\nNTFS boot: cannot read the disk\r\n"
        .org    0x1FE, 0
        .word   0xAA55

marker: .ascii  "BOOT"

main:   call    read_geometry
        call    open_mft
        call    find_bootmgr            # EAX = its MFT record
        call    load_bootmgr
        call    enable_a20
        cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %fs
        movw    %ax, %gs
        movw    %ax, %ss
        movw    $RECORD, %sp
        movb    drive, %dl
        xorb    %dh, %dh
        sti
        ljmp    $IMAGE_SEGMENT, $0

read_geometry:
        cmpw    $SECTOR, sector_size
        jne     damaged
        movzbl  sectors_per_cluster, %eax
        cmpl    $128, %eax
        ja      damaged
        testl   %eax, %eax
        jz      damaged
        movl    %eax, cluster_sectors
        movsbl  record_clusters, %ecx
        testl   %ecx, %ecx
        jg      1f
        negl    %ecx
        subl    $9, %ecx                # log2 of its sectors: 0 to 3
        cmpl    $3, %ecx
        ja      damaged
        movl    $1, %eax
        shll    %cl, %eax
        jmp     2f
1:      mull    %ecx
        cmpl    $8, %eax
        ja      damaged
2:      movl    %eax, record_sectors
        ret

# $MFT's own runs. Record 0 says where they are; the first 16 records are where the boot sector says.
open_mft:
        cmpl    $0, mft_cluster + 4
        jne     damaged
        movl    mft_cluster, %eax
        movl    %eax, %fs:MFT_RUNS
        movl    record_sectors, %eax
        shll    $4, %eax
        addl    cluster_sectors, %eax
        decl    %eax
        xorl    %edx, %edx
        divl    cluster_sectors
        movl    %eax, %fs:MFT_RUNS + 4
        movw    $MFT_RUNS + 8, mft_runs_end
        xorl    %eax, %eax
        movl    $TYPE_DATA, %edx
        movb    $0, wanted_named
        call    open_stream
        jc      damaged
        cmpb    $0, is_resident
        jne     damaged
        pushw   %ds
        pushw   %es
        movw    runs_end, %cx
        subw    $STREAM_RUNS, %cx
        movw    %fs, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    $STREAM_RUNS, %si
        movw    $MFT_RUNS, %di
        rep movsb
        popw    %es
        popw    %ds
        movw    %di, mft_runs_end
        ret

# Walks the root directory's B+ tree down to "bootmgr"; EAX = its MFT record.
find_bootmgr:
        movl    $ROOT_DIRECTORY, %eax
        movl    $TYPE_INDEX_ROOT, %edx
        movb    $1, wanted_named
        call    open_stream
        jc      damaged
        cmpb    $0, is_resident
        je      damaged
        movw    resident_value, %si
        movl    8(%si), %eax
        cmpl    $INDEX_MAX, %eax
        ja      damaged
        movl    %eax, block_size
        shrl    $9, %eax
        jz      damaged
        movl    cluster_sectors, %ecx
        cmpl    %ecx, %eax
        jae     1f
        movl    $1, %ecx                # blocks smaller than a cluster are counted in sectors
1:      movl    %ecx, vcn_sectors
        movw    stream_size, %di
        addw    %si, %di
        addw    $16, %si
        call    search_node
        jnc     2f
        pushl   %eax                    # the child to go on with
        movl    $ROOT_DIRECTORY, %eax
        movl    $TYPE_INDEX_ALLOCATION, %edx
        call    open_stream
        jc      damaged
        cmpb    $0, is_resident
        jne     damaged
        popl    %eax
        movb    $MAX_DEPTH, depth
1:      decb    depth
        jz      damaged
        mull    vcn_sectors
        testl   %edx, %edx
        jnz     damaged
        movl    block_size, %ecx
        shrl    $9, %ecx
        movl    $INDEX, %edi
        call    read_stream
        movw    %cx, %dx
        movw    $INDEX, %si
        movl    $0x58444E49, %eax       # "INDX"
        call    restore_sectors
        movw    $INDEX, %di
        addw    block_size, %di         # 0 when the block ends with the segment
        movw    $INDEX + 0x18, %si
        call    search_node
        jc      1b
2:      ret

# One node of the index: SI = its header, DI = the end of what holds it (one past, 0 = 64 KiB). Found: carry clear,
# EAX = MFT record. Not found: carry set, EAX = the child to look into, or the end: there is no such file.
search_node:
        decw    %di                     # the last byte
        movl    4(%si), %ecx            # bytes in use
        decl    %ecx
        movzwl  %si, %ebp
        addl    %ecx, %ebp              # the node's last byte
        movzwl  %di, %eax
        cmpl    %eax, %ebp
        ja      damaged
        movl    (%si), %eax
        cmpl    %ecx, %eax
        ja      damaged
        addw    %ax, %si
1:      movzwl  %si, %eax
        addl    $15, %eax
        cmpl    %ebp, %eax
        ja      damaged
        movzwl  8(%si), %ecx            # the entry's length
        cmpl    $16, %ecx
        jb      damaged
        leal    -16(%eax, %ecx), %eax   # its last byte
        cmpl    %ebp, %eax
        ja      damaged
        testb   $2, 12(%si)             # the last one has no name
        jnz     3f
        call    compare_name
        je      4f
        jb      3f
        addw    %cx, %si
        jmp     1b
3:      testb   $1, 12(%si)
        jz      missing
        addw    %cx, %si
        cmpl    $0, -4(%si)
        jne     damaged
        movl    -8(%si), %eax
        stc
        ret
4:      cmpw    $0, 4(%si)
        jne     damaged
        movl    (%si), %eax
        clc
        ret

# Flags as of "BOOTMGR" against the name of the index entry SI, in the order of NTFS. Every unit beyond ASCII comes after it.
compare_name:
        pushaw
        movzbw  16 + 0x40(%si), %cx     # its length
        leaw    16 + 0x42(%si), %di
        movw    $wanted_name, %si
        movw    $WANTED_UNITS, %dx
1:      testw   %dx, %dx
        jz      2f
        testw   %cx, %cx
        jz      2f
        lodsw
        movw    (%di), %bx
        addw    $2, %di
        cmpw    $'a', %bx
        jb      3f
        cmpw    $'z', %bx
        ja      3f
        subw    $32, %bx
3:      cmpw    %bx, %ax
        jne     4f
        decw    %dx
        decw    %cx
        jmp     1b
2:      cmpw    %cx, %dx
4:      popaw
        ret

# Loads the unnamed stream of MFT record EAX to where it runs.
load_bootmgr:
        movl    $TYPE_DATA, %edx
        movb    $0, wanted_named
        call    open_stream
        jc      missing
        movl    stream_size, %ecx
        testl   %ecx, %ecx
        jz      missing
        cmpb    $0, is_resident
        jne     1f
        int     $0x12                   # KiB of memory below 1 MiB
        movzwl  %ax, %eax
        shll    $10, %eax
        subl    $IMAGE, %eax
        jb      too_large
        andl    $~(SECTOR - 1), %eax
        cmpl    %eax, %ecx
        ja      too_large
        addl    $SECTOR - 1, %ecx
        shrl    $9, %ecx
        xorl    %eax, %eax
        movl    $IMAGE, %edi
        jmp     read_stream
1:      movw    resident_value, %si
        movw    $IMAGE_SEGMENT, %ax
        movw    %ax, %es
        xorw    %di, %di
        rep movsb
        xorw    %ax, %ax
        movw    %ax, %es
        ret

# Collects the runs of the stream of MFT record EAX with type EDX and the name that wanted_named says, or finds its
# resident value. Carry set when there is no such stream.
open_stream:
        movl    %eax, base_number
        movw    $BASE, %di
        call    read_record
        pushl   %edx
        pushw   wanted_named
        movb    $0, wanted_named
        movl    $0, wanted_vcn
        movl    $TYPE_ATTRIBUTE_LIST, wanted_type
        call    clear_stream
        movw    $BASE, %si
        call    find_attribute
        popw    %ax
        movb    %al, wanted_named
        popl    wanted_type
        jnc     open_listed
        movw    $BASE, %si
        call    find_attribute
        jc      1f
        call    add_extent
        clc
1:      ret

clear_stream:
        movw    $STREAM_RUNS, runs_end
        movl    $0, next_vcn
        movl    $0, stream_size
        ret

# The same when the record has the attribute list SI: the stream's extents may be in several records.
open_listed:
        call    add_extent              # the list is a stream, too
        movl    stream_size, %ecx
        cmpl    $LIST_MAX, %ecx
        ja      damaged
        movw    $LIST, %di
        leaw    (%di), %bx
        addw    %cx, %bx
        movw    %bx, list_end
        cmpb    $0, is_resident
        je      1f
        movw    resident_value, %si
        rep movsb
        jmp     2f
1:      movzwl  %di, %edi
        addl    $SECTOR - 1, %ecx
        shrl    $9, %ecx
        xorl    %eax, %eax
        call    read_stream
2:      call    clear_stream
        movb    $0, is_resident
        movw    $LIST, %si
        xorb    %bh, %bh                # is there an extent?
3:      leaw    26(%si), %ax
        cmpw    list_end, %ax
        ja      5f
        movl    wanted_type, %eax
        cmpl    %eax, (%si)
        jne     4f
        movb    6(%si), %al             # its name, which must be the one wanted
        movzbw  7(%si), %di
        addw    %si, %di
        call    match_name
        jne     4f
        call    add_listed
        movb    $1, %bh
4:      movw    4(%si), %ax
        cmpw    $26, %ax
        jb      damaged
        addw    %ax, %si
        jmp     3b
5:      cmpb    $1, %bh                 # carry when none
        ret

# The extent that the entry SI of an attribute list names.
add_listed:
        pushaw
        cmpl    $0, 12(%si)
        jne     damaged
        movl    8(%si), %eax
        movl    %eax, wanted_vcn
        cmpw    $0, 0x14(%si)
        jne     damaged
        movl    0x10(%si), %eax
        movw    $BASE, %di
        cmpl    base_number, %eax
        je      1f
        movw    $EXTENSION, %di
        call    read_record
1:      movw    %di, %si
        call    find_attribute
        jc      damaged
        call    add_extent
        popaw
        ret

# Adds the attribute SI to the stream at hand. Compressed, encrypted and sparse ones are refused.
add_extent:
        pushal
        testw   $0xC001, 12(%si)
        jnz     not_plain
        movb    $0, is_resident
        cmpb    $0, 8(%si)
        jne     1f
        movb    $1, is_resident
        movl    0x10(%si), %eax
        movl    %eax, stream_size
        movzwl  0x14(%si), %ecx
        addl    %ecx, %eax
        jc      damaged
        cmpl    4(%si), %eax
        ja      damaged
        addw    %si, %cx
        movw    %cx, resident_value
        popal
        ret
1:      movl    0x10(%si), %eax
        cmpl    next_vcn, %eax          # extents come in order and leave nothing out
        jne     damaged
        testl   %eax, %eax
        jnz     2f
        movl    0x30(%si), %eax
        movl    %eax, stream_size
        cmpl    %eax, 0x38(%si)         # all of it was written
        jne     not_plain
        cmpl    $0, 0x34(%si)
        jne     too_large
2:      call    decode_runs
        popal
        ret

# Appends the runs of the attribute SI to those of the stream at hand.
decode_runs:
        movw    4(%si), %bp
        addw    %si, %bp                # its end
        movw    0x20(%si), %bx
        addw    %si, %bx
        movw    runs_end, %di
        xorl    %esi, %esi              # the cluster that the last run began at
1:      cmpw    %bp, %bx
        jae     damaged
        movzbw  (%bx), %dx
        incw    %bx
        testw   %dx, %dx
        jz      2f
        testw   %di, %di                # the table is full
        jz      damaged
        movb    %dl, %cl
        andb    $15, %cl
        call    signed_field
        testl   %eax, %eax
        jle     damaged
        movl    %eax, %fs:4(%di)
        addl    %eax, next_vcn
        movb    %dl, %cl
        shrb    $4, %cl
        jz      not_plain               # a hole
        call    signed_field
        addl    %eax, %esi
        movl    %esi, %fs:(%di)
        addw    $8, %di
        jmp     1b
2:      movw    %di, runs_end
        ret

# EAX = the signed number of CL bytes at BX; BX is moved past it.
signed_field:
        pushw   %dx
        decb    %cl
        cmpb    $3, %cl
        ja      damaged
        movl    (%bx), %eax
        movzbw  %cl, %dx
        incw    %dx
        addw    %dx, %bx
        xorb    $3, %cl                 # bytes that are not of it
        shlb    $3, %cl
        shll    %cl, %eax
        sarl    %cl, %eax
        popw    %dx
        ret

# The attribute wanted of the record SI: carry clear, SI = attribute; or carry set.
find_attribute:
        movl    record_sectors, %ebp
        shll    $9, %ebp
        addw    %si, %bp                # the record's end
        addw    0x14(%si), %si
1:      leaw    8(%si), %ax
        cmpw    %bp, %ax
        ja      damaged
        movl    (%si), %eax
        cmpl    $-1, %eax
        je      4f
        movzwl  %bp, %ecx
        movzwl  %si, %edx
        subl    %edx, %ecx              # bytes to the record's end
        movl    4(%si), %edx
        cmpl    $24, %edx
        jb      damaged
        cmpl    %ecx, %edx
        ja      damaged
        cmpl    wanted_type, %eax
        jne     3f
        movb    9(%si), %al
        movw    10(%si), %di
        addw    %si, %di
        call    match_name
        jne     3f
        cmpb    $0, 8(%si)              # a resident one begins at 0
        je      2f
        movl    0x10(%si), %eax
        cmpl    wanted_vcn, %eax
        jne     3f
2:      clc
        ret
3:      addw    %dx, %si
        jmp     1b
4:      stc
        ret

# Equal when the name of AL units at DI is the one wanted. Changes only the flags.
match_name:
        pushaw
        cmpb    $0, wanted_named
        jne     1f
        testb   %al, %al
        jmp     2f
1:      cmpb    $4, %al
        jne     2f
        movw    $index_name, %si
        movw    $4, %cx
        repe cmpsw
2:      popaw
        ret

# Reads MFT record EAX to DI. Keeps every register.
read_record:
        pushal
        movzwl  %di, %edi
        movl    record_sectors, %ecx
        mull    %ecx
        testl   %edx, %edx
        jnz     damaged
        movw    $MFT_RUNS, %bx
        movw    mft_runs_end, %bp
        call    read_runs
        movw    %di, %si
        movw    %cx, %dx
        movl    $0x454C4946, %eax       # "FILE"
        call    restore_sectors
        testb   $1, 0x16(%si)           # in use
        jz      damaged
        popal
        ret

# Checks the block SI of DX sectors against its magic EAX and puts back the words that the update sequence replaced.
restore_sectors:
        pushaw
        cmpl    %eax, (%si)
        jne     damaged
        movw    6(%si), %cx             # the number and a word for each sector
        decw    %cx
        cmpw    %dx, %cx
        jne     damaged
        movw    4(%si), %bx
        cmpw    $SECTOR - 2 - 2 * 17, %bx
        ja      damaged
        addw    %si, %bx
        movw    (%bx), %ax
        leaw    SECTOR - 2(%si), %di
1:      addw    $2, %bx
        cmpw    %ax, (%di)
        jne     damaged
        movw    (%bx), %dx
        movw    %dx, (%di)
        addw    $SECTOR, %di
        loop    1b
        popaw
        ret

# Reads ECX sectors from sector EAX of the stream at hand on to the linear address EDI. Keeps every register.
read_stream:
        pushal
        movw    $STREAM_RUNS, %bx
        movw    runs_end, %bp
        call    read_runs
        popal
        ret

# The same of the runs from BX up to BP.
read_runs:
        pushal
1:      testl   %ecx, %ecx
        jz      3f
        cmpw    %bp, %bx
        je      damaged                 # it ends before that
        pushl   %eax
        movl    %fs:4(%bx), %eax
        mull    cluster_sectors
        testl   %edx, %edx
        jnz     damaged
        movl    %eax, %esi              # sectors of this run
        popl    %eax
        cmpl    %esi, %eax
        jb      2f
        subl    %esi, %eax
        addw    $8, %bx
        jmp     1b
2:      subl    %eax, %esi              # of them, to the run's end
        cmpl    %esi, %ecx
        jae     2f
        movl    %ecx, %esi
2:      pushl   %eax
        movl    %fs:(%bx), %eax
        mull    cluster_sectors
        testl   %edx, %edx
        jnz     damaged
        addl    hidden_sectors, %eax
        jc      damaged
        popl    %edx
        addl    %edx, %eax
        jc      damaged
        pushl   %ecx
        movl    %esi, %ecx
        call    read_sectors
        popl    %ecx
        leal    (%edx, %esi), %eax      # where to go on
        subl    %esi, %ecx
        shll    $9, %esi
        addl    %esi, %edi
        jmp     1b
3:      popal
        ret

# Address line 20, without which every odd MiB is the even one before it: by the firmware, by port 92h, by the keyboard
# controller; whichever works first.
enable_a20:
        call    is_a20_on
        jne     9f
        movw    $0x2401, %ax
        int     $0x15
        call    is_a20_on
        jne     9f
        inb     $0x92, %al
        orb     $2, %al
        andb    $0xFE, %al              # bit 0 resets the machine
        outb    %al, $0x92
        call    is_a20_on
        jne     9f
        call    wait_keyboard
        movb    $0xD1, %al              # the next byte is for the output port
        outb    %al, $0x64
        call    wait_keyboard
        movb    $0xDF, %al              # bit 1: A20
        outb    %al, $0x60
        call    wait_keyboard
        call    is_a20_on
        jne     9f
        movw    $a20_text, %si
        jmp     stop
9:      ret

# Not equal when it is. Looks at a variable and at what is 1 MiB above it.
is_a20_on:
        movw    $0xFFFF, %ax
        movw    %ax, %gs
        movw    $512, %cx
1:      incw    %ax
        movw    %ax, wanted_vcn
        cmpw    %ax, %gs:wanted_vcn + 16
        loope   1b
        ret

wait_keyboard:
        xorw    %cx, %cx
1:      inb     $0x64, %al
        testb   $2, %al
        loopnz  1b
        ret

missing:
        movw    $missing_text, %si
        jmp     stop
not_plain:
        movw    $not_plain_text, %si
        jmp     stop
too_large:
        movw    $too_large_text, %si
        jmp     stop

        .balign 2
wanted_name:
        .word   'B', 'O', 'O', 'T', 'M', 'G', 'R'
        .set    WANTED_UNITS, (. - wanted_name) / 2
index_name:
        .word   '$', 'I', '3', '0'
missing_text:
        .asciz  "\r\nNTFS boot: BOOTMGR is missing\r\n"
not_plain_text:
        .asciz  "\r\nNTFS boot: BOOTMGR is compressed, encrypted or sparse\r\n"
too_large_text:
        .asciz  "\r\nNTFS boot: BOOTMGR is too large\r\n"
a20_text:
        .asciz  "\r\nNTFS boot: cannot switch on address line 20\r\n"
code_end:
        .org    16 * SECTOR, 0
