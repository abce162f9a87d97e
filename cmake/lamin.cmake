# lamin_layer(name [FOLDERS ...] DEPENDS ...): a folder of src/ becomes objects of liblamin, its *_test.cpp become
# test_<name>. So do the FOLDERS inside it. Any other folder inside a layer is a separate library, liblamin_<folder>.so,
# loaded on first use (see base/module.hpp).
#
# Which layer may include which is checked by tools/layers.py, not here: DEPENDS only orders the tests' sources.
include_guard()

add_library(lamin_flags INTERFACE)
target_compile_features(lamin_flags INTERFACE cxx_std_20)
target_compile_options(lamin_flags INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers
  -fno-semantic-interposition $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
  $<$<CXX_COMPILER_ID:GNU>:-fconstexpr-ops-limit=1000000000> $<$<CXX_COMPILER_ID:GNU>:-fconstexpr-loop-limit=10000000>)
target_include_directories(lamin_flags INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(lamin_flags INTERFACE LAMIN_VERSION="${PROJECT_VERSION}")
if(LAMIN_SANITIZE)
  target_compile_options(lamin_flags INTERFACE -fsanitize=${LAMIN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(lamin_flags INTERFACE -fsanitize=${LAMIN_SANITIZE})
endif()

# Headers that are compiled once for all that is compiled with the flags of `target`. They are found by the search path:
# with a full path in it, ccache would not know the result again in another checkout.
function(lamin_common target header)
  target_link_libraries(${target} PRIVATE lamin_flags fmt::fmt ${ARGN})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
  target_precompile_headers(${target} PRIVATE <${header}>)
endfunction()

# Test sources of one kind ("test", "pgtest", "s3test") in `folders` become one binary, linked to the layer's libraries.
function(lamin_tests name suffix folders)
  list(TRANSFORM folders APPEND /*_${suffix}.cpp)
  file(GLOB _tests CONFIGURE_DEPENDS ${folders})
  if(NOT LAMIN_TESTS OR NOT _tests)
    return()
  endif()
  add_executable(${suffix}_${name} EXCLUDE_FROM_ALL ${_tests})
  add_dependencies(tests ${suffix}_${name})
  target_link_libraries(${suffix}_${name} PRIVATE lamin lamin_flags GTest::gmock_main ${ARGN})
  target_include_directories(${suffix}_${name} PRIVATE ${PROJECT_SOURCE_DIR})   # "tests/conformance/db_suite.hpp"
  target_compile_definitions(${suffix}_${name} PRIVATE LAMIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT LAMIN_SANITIZE)
    target_compile_options(${suffix}_${name} PRIVATE -O0)   # halves the time to compile them; what they test is optimised
  endif()
  if("fmt::fmt" IN_LIST ARGN)
    target_precompile_headers(${suffix}_${name} REUSE_FROM lamin_common_tests)
  endif()
  add_test(NAME ${suffix}_${name} COMMAND ${suffix}_${name})
  set_tests_properties(${suffix}_${name} PROPERTIES LABELS ${suffix})
endfunction()

function(lamin_layer name)
  cmake_parse_arguments(L "" "" "FOLDERS;DEPENDS;LIBRARIES" ${ARGN})
  set(_folders ${PROJECT_SOURCE_DIR}/src/${name})
  foreach(_folder IN LISTS L_FOLDERS)
    list(APPEND _folders ${PROJECT_SOURCE_DIR}/src/${name}/${_folder})
  endforeach()
  set(_sources ${_folders})
  list(TRANSFORM _sources APPEND /*.cpp)
  file(GLOB _sources CONFIGURE_DEPENDS ${_sources})
  list(FILTER _sources EXCLUDE REGEX "_(test|pgtest|s3test)\\.cpp$")
  if(_sources)
    add_library(lamin_${name} OBJECT ${_sources})
    target_link_libraries(lamin_${name} PRIVATE lamin_flags ${L_LIBRARIES})
    if("fmt::fmt" IN_LIST L_LIBRARIES)
      target_precompile_headers(lamin_${name} REUSE_FROM lamin_common)
    endif()
    target_link_libraries(lamin PRIVATE lamin_${name} ${L_LIBRARIES})
  endif()
  lamin_tests(${name} test "${_folders}" ${L_LIBRARIES})
  lamin_tests(${name} pgtest "${_folders}" ${L_LIBRARIES})
  lamin_tests(${name} s3test "${_folders}" ${L_LIBRARIES})
endfunction()

# lamin_module(layer/folder LIBRARIES ...): heavy libraries, loaded on first use.
function(lamin_module path)
  cmake_parse_arguments(M "" "" "LIBRARIES" ${ARGN})
  get_filename_component(_name ${path} NAME)
  file(GLOB _sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${path}/*.cpp)
  list(FILTER _sources EXCLUDE REGEX "_(test|pgtest|s3test)\\.cpp$")
  if(NOT _sources)
    return()
  endif()
  add_library(lamin_${_name} MODULE ${_sources})
  target_link_libraries(lamin_${_name} PRIVATE lamin_flags lamin ${M_LIBRARIES})
  if("fmt::fmt" IN_LIST M_LIBRARIES)
    target_precompile_headers(lamin_${_name} REUSE_FROM lamin_common)
  endif()
  add_dependencies(lamin_plugins lamin_${_name})
  set_property(GLOBAL APPEND PROPERTY LAMIN_MODULES lamin_${_name})
  lamin_tests(${_name} test ${PROJECT_SOURCE_DIR}/src/${path})
endfunction()
