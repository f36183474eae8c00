# winnow_module(NAME DIR ROOT [DEPENDS module…] [LIBS target…]): one step of the run as a static library `winnow_NAME` (an
# interface library when it has headers only). Every .cpp below DIR belongs to it, every .hpp is verified to compile alone.
# DEPENDS is the module table of composer/README.md; tools/dev/check_layers.py compares the two and the #include lines.
set(WINNOW_COMPILE_OPTIONS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Wcast-qual -Wformat=2 -Wundef)

function(winnow_module name dir root)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${dir}/*.hpp)
  set(modules ${arg_DEPENDS})
  list(TRANSFORM modules PREPEND winnow_)
  if(sources)
    add_library(winnow_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_compile_options(winnow_${name} PRIVATE ${WINNOW_COMPILE_OPTIONS})
    target_link_libraries(winnow_${name} PUBLIC ${modules} PRIVATE ${arg_LIBS})
  else()
    add_library(winnow_${name} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(winnow_${name} INTERFACE ${modules})
  endif()
  target_sources(winnow_${name} ${scope} FILE_SET HEADERS BASE_DIRS ${root} FILES ${headers})
  target_include_directories(winnow_${name} ${scope} ${root})
  set_target_properties(winnow_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# winnow_unit_test(MODULE [target…]): every tests/unit/MODULE/*.cpp in one GoogleTest program `unit_MODULE`, one ctest of that
# name.
function(winnow_unit_test name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(unit_${name} ${sources})
  target_include_directories(unit_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/tools)
  target_compile_options(unit_${name} PRIVATE ${WINNOW_COMPILE_OPTIONS})
  target_compile_definitions(unit_${name} PRIVATE WINNOW_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(unit_${name} PRIVATE winnow_${name} ${ARGN} GTest::gmock GTest::gtest_main)
  add_test(NAME unit_${name} COMMAND unit_${name})
endfunction()
