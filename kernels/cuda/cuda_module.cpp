#include "kernels/cuda/cuda_module.h"

#include <dlfcn.h>

#include <atomic>
#include <filesystem>
#include <system_error>

#include "kernels/cuda/cuda_module_stand_in.h"

namespace quantoscope::kernels {
namespace {

constexpr const char* kModuleName = "quantoscope_cuda.so";

std::filesystem::path modulePath() {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    if (error) return {};
    for (const auto& candidate : {folder / kModuleName, folder / "../lib/quantoscope" / kModuleName})
        if (std::filesystem::exists(candidate, error)) return candidate;
    return {};
}

CudaModule absent(CudaAbsence absence, const char* cause) {
    CudaModule module;
    module.absence = absence;
    if (cause != nullptr) module.cause = cause;
    return module;
}

CudaModule countDevices(const CudaInterface* functions) {
    CudaVersions versions;
    functions->versions(&versions);
    if (versions.driver == 0) return absent(CudaAbsence::no_driver, "cudaDriverGetVersion: 0");
    int count = 0;
    const auto status = functions->deviceCount(&count);
    if (status.status == KernelStatus::unsupported) return absent(CudaAbsence::driver_too_old, status.reason);
    if (status.status != KernelStatus::ok || count == 0) return absent(CudaAbsence::no_device, status.reason);
    CudaModule module;
    module.functions = functions;
    module.device_count = count;
    module.absence = CudaAbsence::none;
    return module;
}

CudaModule load() try {
    const auto path = modulePath();
    if (path.empty()) return absent(CudaAbsence::no_module, kModuleName);
    // The module itself loads without a driver; asked first, so that a machine without one never maps cuBLAS.
    if (dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL) == nullptr) return absent(CudaAbsence::no_driver, dlerror());
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return absent(CudaAbsence::module_broken, dlerror());
    const auto interface = reinterpret_cast<CudaInterfaceFunction>(dlsym(library, kCudaInterfaceSymbol));
    const auto* const functions = interface == nullptr ? nullptr : interface(kCudaInterfaceVersion);
    if (functions == nullptr) return absent(CudaAbsence::module_broken, "the module has another version");
    return countDevices(functions);
} catch (const std::exception& error) {
    return absent(CudaAbsence::module_broken, error.what());
}

std::atomic<const CudaModule*>& standIn() {
    static std::atomic<const CudaModule*> module = nullptr;
    return module;
}

}  // namespace

const CudaModule& cudaModule() {
    if (const auto* module = standIn().load()) return *module;
    static const CudaModule module = load();
    return module;
}

void standInForCudaModule(const CudaInterface* functions) {
    static CudaModule module;
    module.functions = functions;
    module.device_count = 1;
    module.absence = CudaAbsence::none;
    standIn().store(functions == nullptr ? nullptr : &module);
}

}  // namespace quantoscope::kernels
