// A GPU for the kernel tests where there is one: memory that frees itself, calls that fail the test.
#pragma once

#include <QTest>
#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/cuda/cuda_module.h"
#include "tests/kernels/kernel_test_tools.h"

namespace quantoscope::test {

/// The row of the GPU beside those of the CPU's levels.
inline constexpr int kCudaLevel = -1;
inline void addDeviceRows() {
    addLevelRows();
    QTest::newRow("cuda") << kCudaLevel;
}

/// Each row of a data function once for every level of the CPU and for the GPU; the column "level" comes first.
class RowsOnDevices {
public:
    RowsOnDevices() {
        QTest::addColumn<int>("level");
        for (int level = 0; level <= static_cast<int>(kernels::detectedCpuLevel()); ++level) levels_.push_back(level);
        levels_.push_back(kCudaLevel);
    }
    template <typename... Values>
    void add(const char* name, const Values&... values) const {
        for (const int level : levels_) {
            const char* const device =
                level == kCudaLevel ? "cuda" : kernels::cpuLevelName(static_cast<kernels::CpuLevel>(level));
            auto& row = QTest::addRow("%s, %s", name, device);
            ((row << level) << ... << values);
        }
    }

private:
    std::vector<int> levels_;
};

/// Why a test for the GPU cannot run here; empty when it can.
inline QString whyNoGpu() {
    const auto& module = kernels::cudaModule();
    if (module.functions != nullptr) return {};
    return QStringLiteral("no GPU: ") + QString::fromStdString(module.cause);
}

/// The first GPU. Make one only where whyNoGpu() is empty.
class Gpu {
public:
    Gpu() { check(functions().createContext(0, &context_)); }
    ~Gpu() {
        for (void* memory : taken_) functions().release(context_, memory);
        functions().destroyContext(context_);
    }
    Gpu(const Gpu&) = delete;
    Gpu& operator=(const Gpu&) = delete;

    static const kernels::CudaInterface& functions() { return *kernels::cudaModule().functions; }
    kernels::CudaContext* context() const { return context_; }
    bool isSound() const { return sound_; }

    /// Device memory with these values.
    template <typename Element>
    Element* upload(const std::vector<Element>& values) {
        void* memory = nullptr;
        check(functions().allocate(context_, values.size() * sizeof(Element), &memory));
        if (memory != nullptr) taken_.push_back(memory);
        check(functions().copyToDevice(context_, memory, values.data(), values.size() * sizeof(Element)));
        check(functions().synchronize(context_));
        return static_cast<Element*>(memory);
    }
    /// The values of device memory after all that was queued.
    template <typename Element>
    std::vector<Element> download(const Element* memory, std::size_t count) {
        std::vector<Element> values(count);
        check(functions().copyToHost(context_, values.data(), memory, count * sizeof(Element)));
        check(functions().synchronize(context_));
        return values;
    }
    /// Notes the first failure; the test sees it in isSound().
    void check(const kernels::CudaStatus& status) {
        if (status.status == kernels::KernelStatus::ok) return;
        sound_ = false;
        qWarning("%s: %s", status.operation, status.reason);
    }

private:
    kernels::CudaContext* context_ = nullptr;
    std::vector<void*> taken_;
    bool sound_ = true;
};

}  // namespace quantoscope::test

/// Skips the row of the GPU where there is none.
#define QS_SKIP_WITHOUT_GPU(level)                                  \
    do {                                                            \
        if ((level) == quantoscope::test::kCudaLevel) {             \
            const auto qs_reason = quantoscope::test::whyNoGpu();   \
            if (!qs_reason.isEmpty()) QSKIP(qPrintable(qs_reason)); \
        }                                                           \
    } while (false)
