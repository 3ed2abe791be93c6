# What is installed beside the program, and the Debian package: `cmake --install build/release` (with --prefix), and
# `cpack -G DEB` in the build folder.
include(GNUInstallDirs)

# Manual pages and completions are made by the program that they describe (src/cli/documentation_command.cpp).
set(docs ${CMAKE_BINARY_DIR}/docs)
file(MAKE_DIRECTORY ${docs})
set(man ${CMAKE_CURRENT_SOURCE_DIR}/config/man)
find_program(SCDOC scdoc REQUIRED)
function(baseload_page page)
    add_custom_command(OUTPUT ${docs}/${page}.gz
        COMMAND sh -c "( ${ARGN} ) | '${SCDOC}' | gzip -9n > '${docs}/${page}.gz'"
        DEPENDS baseload ${man}/baseload.1.begin.scd ${man}/baseload.1.end.scd ${man}/baseload-job.5.begin.scd
            ${man}/baseload-job.5.end.scd ${man}/baseload-faults.7.scd ${CMAKE_CURRENT_SOURCE_DIR}/config/example.toml
        VERBATIM)
endfunction()
set(program "$<TARGET_FILE:baseload>")
baseload_page(baseload.1 "cat '${man}/baseload.1.begin.scd' && '${program}' documentation man && cat '${man}/baseload.1.end.scd'")
baseload_page(baseload-job.5 "cat '${man}/baseload-job.5.begin.scd' '${CMAKE_CURRENT_SOURCE_DIR}/config/example.toml' '${man}/baseload-job.5.end.scd'")
baseload_page(baseload-faults.7 "cat '${man}/baseload-faults.7.scd' && '${program}' documentation codes")
foreach(shell bash zsh fish)
    add_custom_command(OUTPUT ${docs}/baseload.${shell}
        COMMAND sh -c "'${program}' documentation ${shell} > '${docs}/baseload.${shell}'" DEPENDS baseload VERBATIM)
endforeach()
add_custom_command(OUTPUT ${docs}/changelog.gz
    COMMAND sh -c "gzip -9nc '${CMAKE_CURRENT_SOURCE_DIR}/config/debian/changelog' > '${docs}/changelog.gz'"
    DEPENDS config/debian/changelog VERBATIM)
add_custom_target(docs ALL DEPENDS ${docs}/baseload.1.gz ${docs}/baseload-job.5.gz ${docs}/baseload-faults.7.gz
    ${docs}/baseload.bash ${docs}/baseload.zsh ${docs}/baseload.fish ${docs}/changelog.gz)

install(TARGETS baseload)
install(FILES ${docs}/baseload.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${docs}/baseload-job.5.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${docs}/baseload-faults.7.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man7)
install(FILES ${docs}/baseload.bash DESTINATION share/bash-completion/completions RENAME baseload)
install(FILES ${docs}/baseload.zsh DESTINATION share/zsh/vendor-completions RENAME _baseload)
install(FILES ${docs}/baseload.fish DESTINATION share/fish/vendor_completions.d)
set(doc share/doc/baseload)
install(FILES config/example.toml config/run.schema.json samples/clients.csv samples/clients.toml
    DESTINATION ${doc}/examples)
install(FILES config/debian/copyright README.md DESTINATION ${doc})
install(FILES ${docs}/changelog.gz DESTINATION ${doc})
# With the folder into which the program goes, which is known then.
install(CODE "set(units \"${CMAKE_CURRENT_SOURCE_DIR}/config/systemd\")")
install(CODE [[
    foreach(unit baseload@.service baseload@.timer baseload-mail@.service)
        file(READ "${units}/${unit}" text)
        string(REPLACE "/usr/bin/baseload" "${CMAKE_INSTALL_PREFIX}/bin/baseload" text "${text}")
        set(folder "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
        file(WRITE "${folder}/${unit}" "${text}")
        file(CHMOD "${folder}/${unit}" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    endforeach()
]])

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME baseload)
set(CPACK_PACKAGE_CONTACT "The authors of baseload <baseload@example.net>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "batch importer of customers into the CRM of Base.com")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Brings customers from CSV files and workbooks into the CRM of Base.com
 (formerly BaseLinker), and keeps them in step night after night: each row
 key is one client, exactly once, through crashes, kills and reruns;
 unchanged rows cost no request; the account's request limit is kept across
 runs and programs.")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Certificates; a converter for .xls, and mail for the example of OnFailure.
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libreoffice-calc-nogui, bsd-mailx")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# Not the build's umask.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
include(CPack)
