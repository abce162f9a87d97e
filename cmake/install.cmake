# Where the pieces find each other, in the build tree and when installed.
#
# `pip install .`
#   <scripts>/lamin                  -> site-packages/lamindb/lib/liblamin.so
#   site-packages/lamindb/_core.so   -> lib/liblamin.so
#   site-packages/lamindb/lib/       liblamin.so, the helper lamin-read-hdf5, and the module libraries, which also need
#                                    ../../pyarrow; lamin-ontologies/ with subsets of public ontologies
# In the checkout python/lamindb/lib is a link to the build's lib folder, so _core finds it the same way.
#
# `cmake --install build/release --prefix X`, for programs in C++
#   X/bin/lamin                      -> X/lib/liblamin.so
#   X/lib/                           liblamin.so, the helpers, and the module libraries, which also need the build's
#                                    pyarrow; lamin-ontologies/
#   X/include/lamin, X/lib/cmake/lamin (find_package(lamin): lamin::lamin), X/lib/pkgconfig/lamin.pc
include_guard()

if(TARGET _core)
  set_property(TARGET _core APPEND PROPERTY BUILD_RPATH "$ORIGIN/lib")
endif()

if(SKBUILD)
  set(_component wheel)
  set(_bin "${SKBUILD_SCRIPTS_DIR}")
  set(_lib lamindb/lib)
  set(_pyarrow "$ORIGIN/../../pyarrow")
  set(_cli_rpath "")
  foreach(_site site-packages dist-packages)   # dist-packages: Debian's Python outside an environment
    list(APPEND _cli_rpath "$ORIGIN/../lib/python${Python_VERSION_MAJOR}.${Python_VERSION_MINOR}/${_site}/lamindb/lib")
  endforeach()
else()
  set(_component library)
  set(_bin bin)
  set(_lib lib)
  set(_pyarrow "${PyArrow_ROOT}")
  set(_cli_rpath "$ORIGIN/../lib")
endif()

set_target_properties(lamin PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS lamin EXPORT lamin LIBRARY DESTINATION ${_lib} COMPONENT ${_component})
get_property(_modules GLOBAL PROPERTY LAMIN_MODULES)
foreach(_module ${_modules})
  set_target_properties(${_module} PROPERTIES INSTALL_RPATH "$ORIGIN;${_pyarrow}")
  install(TARGETS ${_module} LIBRARY DESTINATION ${_lib} COMPONENT ${_component})
endforeach()
# Subsets of public ontologies, beside the library that reads them (src/lake/reference/files.hpp).
file(GLOB _subsets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/data/ontologies/df*)
file(COPY ${_subsets} DESTINATION ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/lamin-ontologies)
install(FILES ${_subsets} ${PROJECT_SOURCE_DIR}/data/ontologies/README.md DESTINATION ${_lib}/lamin-ontologies
        COMPONENT ${_component})
set_target_properties(lamin_read_hdf5 PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS lamin_read_hdf5 RUNTIME DESTINATION ${_lib} COMPONENT ${_component})
if(TARGET lamin_cli)
  set_target_properties(lamin_cli PROPERTIES INSTALL_RPATH "${_cli_rpath}")
  install(TARGETS lamin_cli RUNTIME DESTINATION "${_bin}" COMPONENT ${_component})
endif()

if(SKBUILD)
  if(TARGET _core)
    set_target_properties(_core PROPERTIES INSTALL_RPATH "$ORIGIN/lib")
    install(TARGETS _core LIBRARY DESTINATION lamindb COMPONENT wheel)
  endif()
else()
  include(CMakePackageConfigHelpers)
  set(_config ${CMAKE_BINARY_DIR}/installed)
  write_basic_package_version_file(${_config}/lamin-config-version.cmake COMPATIBILITY SameMinorVersion)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/lamin.pc.in ${_config}/lamin.pc @ONLY)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lamin DESTINATION include COMPONENT library)
  install(EXPORT lamin NAMESPACE lamin:: FILE lamin-config.cmake DESTINATION lib/cmake/lamin COMPONENT library)
  install(FILES ${_config}/lamin-config-version.cmake DESTINATION lib/cmake/lamin COMPONENT library)
  install(FILES ${_config}/lamin.pc DESTINATION lib/pkgconfig COMPONENT library)
endif()
