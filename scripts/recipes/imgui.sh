# SPDX-License-Identifier: MIT
# Dear ImGui with FreeType, GLFW and OpenGL 3. It calls the test engine's hooks (ImGuiTestEngineHook_*), which it leaves
# to the program to define. Every define below changes its interface: imgui.pc hands them to whoever compiles against it.
# shellcheck shell=bash disable=SC2034,SC2154

package=imgui
versions=(1.92.2b 1.92.x)
needs=(glfw)

imgui_defines=(
    -DIMGUI_ENABLE_TEST_ENGINE -DIMGUI_ENABLE_FREETYPE -DIMGUI_USE_WCHAR32
    -DIMGUI_DISABLE_OBSOLETE_FUNCTIONS -DIMGUI_DISABLE_DEMO_WINDOWS -DIMGUI_DISABLE_DEBUG_TOOLS
)

imgui_sources=(
    imgui.cpp imgui_draw.cpp imgui_tables.cpp imgui_widgets.cpp
    misc/freetype/imgui_freetype.cpp misc/cpp/imgui_stdlib.cpp
    backends/imgui_impl_glfw.cpp backends/imgui_impl_opengl3.cpp
)

compile_imgui() {
    local freetype
    freetype=$(pkg-config --cflags freetype2)
    # shellcheck disable=SC2016,SC2086 # the inner shell's arguments; lists of flags
    printf '%s\n' "${imgui_sources[@]}" | xargs -P "$jobs" -I{} sh -c 'c++ "$@" -c "{}" -o "$(basename "{}").o"' sh \
        -std=c++20 -O2 $flags "${imgui_defines[@]}" -I. -I"$needs_path/include" $freetype
    ar rcs "$out/lib/libimgui.a" ./*.o
}

write_pkgconfig() {
    cat >"$out/lib/pkgconfig/imgui.pc" <<END
prefix=$out
Name: imgui
Description: Dear ImGui with FreeType, GLFW and OpenGL 3
Version: $version
Requires: freetype2
Cflags: -I\${prefix}/include/imgui ${imgui_defines[*]}
Libs: -L\${prefix}/lib -limgui -ldl
END
}

build_recipe() {
    compile_imgui
    mkdir -p "$out/include/imgui"
    install -m 644 imconfig.h imgui.h imgui_internal.h imstb_*.h misc/freetype/imgui_freetype.h \
        misc/cpp/imgui_stdlib.h backends/imgui_impl_glfw.h backends/imgui_impl_opengl3.h "$out/include/imgui"
    write_pkgconfig
}
