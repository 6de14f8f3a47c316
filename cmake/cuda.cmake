# The CUDA module: quantoscope_cuda.so from every .cu below kernels/, loaded at run time. Nothing else links CUDA.
#
# QUANTOSCOPE_CUDA: AUTO builds it where a CUDA compiler is found, ON demands one, OFF leaves it out.
set(QUANTOSCOPE_CUDA AUTO CACHE STRING "Build the CUDA module: AUTO (where nvcc is found), ON or OFF")
set_property(CACHE QUANTOSCOPE_CUDA PROPERTY STRINGS AUTO ON OFF)
if(NOT QUANTOSCOPE_CUDA)
  return()
endif()

# nvcc is seldom on the path of a desktop; its installer's own link is where it stands.
find_program(QUANTOSCOPE_NVCC nvcc HINTS ENV CUDACXX ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES bin)
if(QUANTOSCOPE_NVCC AND NOT CMAKE_CUDA_COMPILER)
  set(CMAKE_CUDA_COMPILER ${QUANTOSCOPE_NVCC})
endif()
if(NOT CMAKE_CUDA_COMPILER)
  if(QUANTOSCOPE_CUDA STREQUAL "AUTO")
    message(STATUS "No CUDA compiler: the worker is built without its GPU module")
    return()
  endif()
  message(FATAL_ERROR "QUANTOSCOPE_CUDA is on and no CUDA compiler is found: install the CUDA toolkit (12 or newer), or name nvcc with -DCMAKE_CUDA_COMPILER=")
endif()

# Machine code for A100 to Ada (80) and Hopper (90), and PTX of 90, which the driver compiles for what comes later.
if(NOT CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES "80-real;90")
endif()
enable_language(CUDA)
if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # Debian 12's CMake does not know that nvcc has C++20
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
endif()
find_package(CUDAToolkit REQUIRED)
if(CCACHE)
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${CCACHE})
endif()

file(GLOB_RECURSE cuda_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/kernels/*.cu ${PROJECT_SOURCE_DIR}/kernels/*.cuh)
add_library(quantoscope_cuda MODULE ${cuda_sources})
set_target_properties(quantoscope_cuda PROPERTIES
  PREFIX "" CUDA_STANDARD 20 CUDA_STANDARD_REQUIRED ON CUDA_EXTENSIONS OFF CUDA_VISIBILITY_PRESET hidden
  CUDA_RUNTIME_LIBRARY Shared
  LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/quantoscope
  BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN;${CUDAToolkit_LIBRARY_DIR}")
target_include_directories(quantoscope_cuda PRIVATE ${PROJECT_SOURCE_DIR})
# --fmad=false: as on the CPU, a product and a sum are fused only where a kernel says so.
target_compile_options(quantoscope_cuda PRIVATE
  --fmad=false -Werror=all-warnings -Xcompiler=-Wall,-Wextra,-Wshadow)
target_link_options(quantoscope_cuda PRIVATE -Wl,--no-undefined)
target_link_libraries(quantoscope_cuda PRIVATE CUDA::cublas CUDA::cusolver)
install(TARGETS quantoscope_cuda LIBRARY DESTINATION lib/quantoscope)
