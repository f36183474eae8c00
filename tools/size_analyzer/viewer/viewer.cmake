# The page of the HTML reports: bundled by tools/dev/build_page.sh (npm packages, fetched once for all build folders) and
# put into winnow_size_analyzer as bytes. Bundled again only when a file of the viewer changes.
find_program(WINNOW_NPM npm)
find_program(WINNOW_NODE NAMES node nodejs)
if(NOT WINNOW_NPM OR NOT WINNOW_NODE)
  message(FATAL_ERROR "npm and node (18 or newer) bundle the page of the HTML reports: run tools/dev/install_deps.sh build")
endif()

set(viewer ${root}/size_analyzer/viewer)
set(page ${CMAKE_CURRENT_BINARY_DIR}/page.html)
file(GLOB viewer_sources CONFIGURE_DEPENDS ${viewer}/src/*.js ${viewer}/src/*.css)
add_custom_command(
  OUTPUT ${page}
  COMMAND ${PROJECT_SOURCE_DIR}/tools/dev/build_page.sh ${page}
  DEPENDS ${viewer_sources} ${viewer}/bundle.mjs ${viewer}/page.html ${viewer}/package.json ${viewer}/package-lock.json
          ${PROJECT_SOURCE_DIR}/tools/dev/build_page.sh ${PROJECT_SOURCE_DIR}/tools/dev/npm_packages.sh
  COMMENT "Bundling the page of the HTML reports"
  VERBATIM)
# An object library of its own: the warnings of C++ are not for assembly.
add_library(winnow_page_bytes OBJECT ${viewer}/page_bytes.S ${page})
set_source_files_properties(${viewer}/page_bytes.S PROPERTIES
  COMPILE_DEFINITIONS "WINNOW_PAGE_FILE=\"${page}\"" OBJECT_DEPENDS ${page})
target_sources(winnow_size_analyzer PRIVATE $<TARGET_OBJECTS:winnow_page_bytes>)
