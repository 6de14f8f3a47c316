#include "app/worker/verbs/bench.h"

#include "app/worker/verbs/json_text.h"
#include "core/device/cuda_devices.h"
#include "core/pipeline/machine.h"

namespace quantoscope {
namespace {

constexpr int kRepetitions = 5;

Json gpuObject(const CudaDeviceReport& device) {
    return {{"name", device.name},
            {"compute_capability", device.compute_capability},
            {"multiprocessors", device.multiprocessors},
            {"memory_bytes", device.memory_bytes},
            {"free_memory_bytes", device.free_memory_bytes},
            {"float32_gflops", device.float32_gflops},
            {"tensor_float32_gflops", device.tensor_float32_gflops},
            {"bfloat16_gflops", device.bfloat16_gflops},
            {"read_gigabytes_per_s", device.read_gigabytes_per_s},
            {"upload_gigabytes_per_s", device.upload_gigabytes_per_s}};
}

/// A GPU that cannot be measured does not take the processor's figures away: the reason stands in its place.
Json cudaObject(const Result<CudaReport>& report) {
    if (!report)
        return {{"devices", Json::array()}, {"absence", report.error().message}, {"cause", report.error().cause}};
    Json devices = Json::array();
    for (const auto& device : report->devices) devices.push_back(gpuObject(device));
    if (devices.empty()) return {{"devices", devices}, {"absence", report->absence}, {"cause", report->cause}};
    return {{"devices", devices},
            {"driver_version", report->driver_version},
            {"runtime_version", report->runtime_version},
            {"cublas_version", report->cublas_version}};
}

Result<Json> run(Invocation&) {
    const auto machine = measureMachine(kRepetitions);
    return Json{{"instruction_set", machine.instruction_set},
                {"threads", machine.threads},
                {"float32_gflops", machine.float32_gflops},
                {"bfloat16_gflops", machine.bfloat16_gflops},
                {"read_gigabytes_per_s", machine.read_gigabytes_per_s},
                {"cuda", cudaObject(measureCudaDevices(kRepetitions))}};
}

std::string rateText(const Json& value, int decimals, const char* unit) {
    const auto rate = value.get<double>();
    return rate > 0.0 ? numberText(rate, decimals) + " " + unit : "not measured: too little free memory";
}

std::string gibText(const Json& bytes) {
    return numberText(bytes.get<double>() / 0x1p30, 1) + " GiB";
}

std::string gpuText(const Json& gpu) {
    return tableText({{"GPU", gpu["name"].get<std::string>()},
                      {"compute capability", gpu["compute_capability"].get<std::string>()},
                      {"memory", gibText(gpu["memory_bytes"]) + ", free " + gibText(gpu["free_memory_bytes"])},
                      {"matrix product float32", rateText(gpu["float32_gflops"], 0, "GFLOP/s")},
                      {"matrix product TF32", rateText(gpu["tensor_float32_gflops"], 0, "GFLOP/s")},
                      {"matrix product bfloat16", rateText(gpu["bfloat16_gflops"], 0, "GFLOP/s")},
                      {"memory read", rateText(gpu["read_gigabytes_per_s"], 1, "GB/s")},
                      {"copy to the GPU, pinned", rateText(gpu["upload_gigabytes_per_s"], 1, "GB/s")}});
}

std::string cudaText(const Json& cuda) {
    if (cuda["devices"].empty()) return "\n" + cuda["absence"].get<std::string>();
    std::string text;
    for (const auto& gpu : cuda["devices"]) text += "\n\n" + gpuText(gpu);
    return text + "\n\nCUDA " + cuda["runtime_version"].get<std::string>() + ", driver for up to CUDA " +
           cuda["driver_version"].get<std::string>() + ", cuBLAS " + cuda["cublas_version"].get<std::string>();
}

std::string describe(const Json& object) {
    return tableText({{"instruction set", object["instruction_set"].get<std::string>()},
                      {"threads", object["threads"].dump()},
                      {"matrix product float32", numberText(object["float32_gflops"].get<double>(), 0) + " GFLOP/s"},
                      {"matrix product bfloat16", numberText(object["bfloat16_gflops"].get<double>(), 0) + " GFLOP/s"},
                      {"memory read", numberText(object["read_gigabytes_per_s"].get<double>(), 1) + " GB/s"}}) +
           cudaText(object["cuda"]);
}

}  // namespace

Verb benchVerb() {
    return {"bench",
            "",
            "Measures the roofline of this machine, processor and GPUs: what any kernel could reach at most.",
            [](const auto&) -> Result<std::vector<OptionDescription>> { return std::vector<OptionDescription>{}; },
            run,
            describe};
}

}  // namespace quantoscope
