# cmake -DINPUT=file -DOUTPUT=file.cpp -DSYMBOL=name -P embed_bytes.cmake: the bytes of a file as a C++ array.
file(READ ${INPUT} digits HEX)
string(LENGTH "${digits}" count)
math(EXPR count "${count} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${digits}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include <array>\n#include <cstdint>\nnamespace winnow {\n"
     "extern const std::array<std::uint8_t, ${count}> ${SYMBOL};\n"
     "const std::array<std::uint8_t, ${count}> ${SYMBOL} = {\n${bytes}\n};\n}  // namespace winnow\n")
