# The boot code of disks that no Windows media brings one for: assembled here, embedded into winnow_image as two arrays
# (boot_code.cpp declares them). 16-bit x86, whatever the host: GNU as, ld and objcopy of any binutils that knows i386.
find_program(WINNOW_AS NAMES as i686-linux-gnu-as x86_64-linux-gnu-as REQUIRED)
find_program(WINNOW_LD NAMES ld i686-linux-gnu-ld x86_64-linux-gnu-ld REQUIRED)
find_program(WINNOW_OBJCOPY NAMES objcopy i686-linux-gnu-objcopy x86_64-linux-gnu-objcopy REQUIRED)

# winnow_boot_code(NAME ADDRESS SYMBOL): NAME.S, linked to run at ADDRESS, as the array SYMBOL of a source of winnow_image;
# the plain bytes are left in NAME.bin.
function(winnow_boot_code name address symbol)
  set(source ${root}/image/boot/${name}.S)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/boot/${name})
  add_custom_command(
    OUTPUT ${output}.cpp ${output}.bin
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/boot
    COMMAND ${WINNOW_AS} --32 -o ${output}.o ${source}
    COMMAND ${WINNOW_LD} -m elf_i386 --build-id=none -e _start -Ttext=${address} -o ${output}.elf ${output}.o
    COMMAND ${WINNOW_OBJCOPY} -O binary -j .text ${output}.elf ${output}.bin
    COMMAND ${CMAKE_COMMAND} -DINPUT=${output}.bin -DOUTPUT=${output}.cpp -DSYMBOL=${symbol}
            -P ${PROJECT_SOURCE_DIR}/tools/dev/cmake/embed_bytes.cmake
    DEPENDS ${source} ${PROJECT_SOURCE_DIR}/tools/dev/cmake/embed_bytes.cmake
    VERBATIM)
  target_sources(winnow_image PRIVATE ${output}.cpp)
endfunction()

winnow_boot_code(mbr 0x600 kMbrBootCode)
winnow_boot_code(ntfs_boot 0x7C00 kNtfsBootRecord)
