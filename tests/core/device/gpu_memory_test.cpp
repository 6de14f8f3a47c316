// If this fails, a run on a GPU takes more of it than the user allowed, keeps memory, or ends without a sentence that
// says what to do.
#include <QTest>
#include <vector>

#include "core/device/cuda_devices.h"
#include "core/device/gpu.h"
#include "tests/support/emulated_cuda.h"

using namespace quantoscope;

namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

}  // namespace

class GpuMemoryTest : public QObject {
    Q_OBJECT
private slots:
    void everythingIsGivenBack() {
        const test::EmulatedCuda emulated;
        {
            const auto gpu = Gpu::open(0, 0);
            QVERIFY2(gpu.has_value(), gpu ? "" : gpu.error().message.c_str());
            auto first = (*gpu)->take(GpuMemory::weights, kMebibyte, "a test");
            QVERIFY(first.has_value());
            GpuBytes second;
            QVERIFY((*gpu)->tryTake(GpuMemory::solver, 3 * kMebibyte, second).value_or(false));
            QCOMPARE((*gpu)->used(), 4 * kMebibyte);
            *first = std::move(second);  // the first one is freed
            QCOMPARE((*gpu)->used(), 3 * kMebibyte);
            QCOMPARE(emulated.bytesInUse(), 3 * kMebibyte);
            QCOMPARE((*gpu)->peak(GpuMemory::weights), kMebibyte);
            const std::vector<float> host(100);
            const PinnedRange pinned(**gpu, host.data(), host.size() * sizeof(float));
            QCOMPARE(emulated.pinnedRanges(), 1);
        }
        QCOMPARE(emulated.bytesInUse(), 0ULL);
        QCOMPARE(emulated.pinnedRanges(), 0);
        QCOMPARE(emulated.contexts(), 0);
        QCOMPARE(emulated.misuse(), std::string());
    }
    void theBudgetHolds() {
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 2 * kMebibyte);
        QVERIFY(gpu.has_value());
        GpuBytes memory;
        QCOMPARE((*gpu)->tryTake(GpuMemory::weights, 2 * kMebibyte + 1, memory).value_or(true), false);
        const auto refused = (*gpu)->take(GpuMemory::weights, 3 * kMebibyte, "the weights of block 3");
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().message.find("the weights of block 3 (3 MiB)") != std::string::npos);
        QVERIFY(refused.error().message.find("--device-memory") != std::string::npos);
        QCOMPARE(emulated.peakBytes(), 0ULL);
    }
    void aFullDeviceIsNoFault() {
        test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 8 * kMebibyte);
        QVERIFY(gpu.has_value());
        emulated.setMemory(kMebibyte);  // another program took the rest
        GpuBytes memory;
        QCOMPARE((*gpu)->tryTake(GpuMemory::weights, 2 * kMebibyte, memory).value_or(true), false);
        QVERIFY((*gpu)->tryTake(GpuMemory::weights, kMebibyte, memory).value_or(false));
    }
    void aFaultIsSaidWithWhatToDo() {
        test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        QVERIFY(gpu.has_value());
        auto memory = (*gpu)->take(GpuMemory::weights, 1024, "a test");
        QVERIFY(memory.has_value());
        QVERIFY((*gpu)->clear(*memory).has_value());
        emulated.failAfterLaunches(0);
        QVERIFY((*gpu)->call("a mirror", &Gpu::Table::gramMirror, memory->as<float>(), std::int64_t{16}).has_value());
        const auto status = (*gpu)->synchronize();
        QVERIFY(!status.has_value());
        QVERIFY(status.error().message.find("resume the run") != std::string::npos);
        QVERIFY(status.error().cause.find("illegal memory access") != std::string::npos);
    }
    void hostMemoryIsNotTakenForTheDevices() {  // guards the emulation that the other tests lean on
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        QVERIFY(gpu.has_value());
        std::vector<float> host(16);
        QVERIFY(!(*gpu)->call("a mirror", &Gpu::Table::gramMirror, host.data(), std::int64_t{4}).has_value());
        QVERIFY(!emulated.misuse().empty());
    }
    void withoutAGpuTheReasonIsSaid() {
        if (cudaAbsence().empty()) QSKIP("this machine has a GPU");
        const auto gpu = Gpu::open(0, 0);
        QVERIFY(!gpu.has_value());
        QCOMPARE(gpu.error().message, cudaAbsence());
    }
};
QTEST_APPLESS_MAIN(GpuMemoryTest)
#include "gpu_memory_test.moc"
