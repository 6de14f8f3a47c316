# One set of compiler rules for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

set(QUANTOSCOPE_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize takes them (address,undefined or thread)")

add_library(quantoscope_compiler INTERFACE)
target_include_directories(quantoscope_compiler INTERFACE ${PROJECT_SOURCE_DIR})
# -ffp-contract=off: codes are promised bit for bit, so a product and a sum are fused only where a kernel says so.
target_compile_options(quantoscope_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overflows that are not there in `"text" + std::string` (its bug 105651).
  target_compile_options(quantoscope_compiler INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
target_compile_definitions(quantoscope_compiler INTERFACE QUANTOSCOPE_VERSION="${PROJECT_VERSION}")
if(QUANTOSCOPE_SANITIZE)
  # Instrumented code makes GCC see uninitialized values in variants that are not there.
  target_compile_options(quantoscope_compiler INTERFACE
    -fsanitize=${QUANTOSCOPE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -Wno-maybe-uninitialized)
  target_link_options(quantoscope_compiler INTERFACE -fsanitize=${QUANTOSCOPE_SANITIZE})
endif()

find_program(MOLD_LINKER mold)
if(MOLD_LINKER AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
  target_link_options(quantoscope_compiler INTERFACE -fuse-ld=mold)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
