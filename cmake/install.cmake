# Where the pieces find each other, in the build tree and once installed:
#   <scripts>/lamin                  -> site-packages/lamindb/lib/liblamin.so
#   site-packages/lamindb/_core.so   -> lib/liblamin.so
#   site-packages/lamindb/lib/       liblamin.so and the module libraries, which also need ../../pyarrow
# In the checkout python/lamindb/lib is a link to the build's lib folder, so _core finds it the same way.
include_guard()

if(TARGET _core)
  set_property(TARGET _core APPEND PROPERTY BUILD_RPATH "$ORIGIN/lib")
endif()

if(SKBUILD)
  set(_python python${Python_VERSION_MAJOR}.${Python_VERSION_MINOR})
  set(_cli_rpath "")
  foreach(_site site-packages dist-packages)   # dist-packages: Debian's Python outside of an environment
    list(APPEND _cli_rpath "$ORIGIN/../lib/${_python}/${_site}/lamindb/lib")
  endforeach()
  set_target_properties(lamin PROPERTIES INSTALL_RPATH "$ORIGIN")
  install(TARGETS lamin LIBRARY DESTINATION lamindb/lib COMPONENT wheel)
  get_property(_modules GLOBAL PROPERTY LAMIN_MODULES)
  foreach(_module ${_modules})
    set_target_properties(${_module} PROPERTIES INSTALL_RPATH "$ORIGIN;$ORIGIN/../../pyarrow")
    install(TARGETS ${_module} LIBRARY DESTINATION lamindb/lib COMPONENT wheel)
  endforeach()
  if(TARGET lamin_cli)
    set_target_properties(lamin_cli PROPERTIES INSTALL_RPATH "${_cli_rpath}")
    install(TARGETS lamin_cli RUNTIME DESTINATION "${SKBUILD_SCRIPTS_DIR}" COMPONENT wheel)
  endif()
  if(TARGET _core)
    set_target_properties(_core PROPERTIES INSTALL_RPATH "$ORIGIN/lib")
    install(TARGETS _core LIBRARY DESTINATION lamindb COMPONENT wheel)
  endif()
endif()
