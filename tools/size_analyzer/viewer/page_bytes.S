// The bundled page as bytes of the program; html_page.cpp declares the two symbols.
  .section .rodata
  .global winnow_page_begin
  .global winnow_page_end
winnow_page_begin:
  .incbin WINNOW_PAGE_FILE
winnow_page_end:
  .byte 0
  .section .note.GNU-stack, "", %progbits
