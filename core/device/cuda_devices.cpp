#include "core/device/cuda_devices.h"

#include <memory>

#include "kernels/cuda/cuda_module.h"

namespace quantoscope {
namespace {

using kernels::CudaAbsence;
using kernels::CudaInterface;
using kernels::CudaStatus;
using kernels::KernelStatus;

std::string sentence(CudaAbsence absence) {
    switch (absence) {
        case CudaAbsence::none:
            return {};
        case CudaAbsence::no_module:
            return "This build has no GPU module; build it with the CMake preset cuda where the CUDA toolkit is "
                   "installed.";
        case CudaAbsence::no_driver:
            return "No NVIDIA driver is installed, so GPUs cannot be used; install the driver where there is a GPU.";
        case CudaAbsence::module_broken:
            return "The GPU module cannot be loaded; install the CUDA runtime and cuBLAS of the version it was built "
                   "with, or build it "
                   "anew.";
        case CudaAbsence::driver_too_old:
            return "The NVIDIA driver is older than the GPU module's CUDA version; update the driver.";
        case CudaAbsence::no_device:
            return "The NVIDIA driver finds no GPU in this machine.";
    }
    return {};
}

std::unexpected<Error> deviceFailure(const std::string& device, const CudaStatus& status) {
    return failure(device + " could not be measured; see whether nvidia-smi shows it and whether it is free.", {},
                   std::string(status.operation) + ": " + status.reason);
}

/// 13000 and 12080 as "13.0" and "12.8".
std::string versionText(int version) {
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

Result<CudaDeviceReport> measureDevice(const CudaInterface& cuda, int index, int repetitions) {
    kernels::CudaDevice device;
    const auto number = "GPU " + std::to_string(index);
    if (const auto status = cuda.describeDevice(index, &device); status.status != KernelStatus::ok)
        return deviceFailure(number, status);
    CudaDeviceReport report;
    report.name = device.name;
    report.compute_capability = std::to_string(device.compute_major) + "." + std::to_string(device.compute_minor);
    report.multiprocessors = device.multiprocessors;
    report.memory_bytes = device.memory_bytes;
    report.free_memory_bytes = device.free_memory_bytes;
    kernels::CudaContext* made = nullptr;
    if (const auto status = cuda.createContext(index, &made); status.status != KernelStatus::ok)
        return deviceFailure(number + " (" + report.name + ")", status);
    const std::unique_ptr<kernels::CudaContext, void (*)(kernels::CudaContext*)> context(made, cuda.destroyContext);
    kernels::CudaRoofline roofline;
    if (const auto status = cuda.measureRoofline(context.get(), repetitions, &roofline);
        status.status != KernelStatus::ok)
        return deviceFailure(number + " (" + report.name + ")", status);
    report.float32_gflops = roofline.float32_gflops;
    report.tensor_float32_gflops = roofline.tensor_float32_gflops;
    report.bfloat16_gflops = roofline.bfloat16_gflops;
    report.read_gigabytes_per_s = roofline.read_gigabytes_per_s;
    report.upload_gigabytes_per_s = roofline.upload_gigabytes_per_s;
    return report;
}

}  // namespace

std::string cudaAbsence() {
    return sentence(kernels::cudaModule().absence);
}

Result<CudaReport> measureCudaDevices(int repetitions) {
    const auto& module = kernels::cudaModule();
    CudaReport report;
    report.absence = cudaAbsence();
    report.cause = module.cause;
    if (module.functions == nullptr) return report;
    kernels::CudaVersions versions;
    if (const auto status = module.functions->versions(&versions); status.status != KernelStatus::ok)
        return deviceFailure("The GPU", status);
    report.driver_version = versionText(versions.driver);
    report.runtime_version = versionText(versions.runtime);
    report.cublas_version = std::to_string(versions.cublas / 10000) + "." +
                            std::to_string(versions.cublas / 100 % 100) + "." + std::to_string(versions.cublas % 100);
    for (int index = 0; index < module.device_count; ++index) {
        QS_ASSIGN(auto device, measureDevice(*module.functions, index, repetitions));
        report.devices.push_back(std::move(device));
    }
    return report;
}

}  // namespace quantoscope
