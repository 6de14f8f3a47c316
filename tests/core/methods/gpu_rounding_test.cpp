// If this fails, weights that are rounded on a GPU lie on another grid or get other codes than on the CPU.
#include <QTest>

#include "core/device/gpu.h"
#include "core/methods/grid_options.h"
#include "tests/support/emulated_cuda.h"
#include "tests/support/memory_block.h"

using namespace quantoscope;
using namespace quantoscope::test;

class GpuRoundingTest : public QObject {
    Q_OBJECT
private slots:
    void theSameBytesAsOnTheCpu_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("symmetric");
        QTest::addColumn<bool>("as_is");
        QTest::addColumn<qlonglong>("group_size");
        QTest::addColumn<qulonglong>("budget");
        QTest::newRow("4 bits") << 4 << false << false << qlonglong{8} << (qulonglong{1} << 20);
        QTest::newRow("2 bits, symmetric, whole rows") << 2 << true << false << qlonglong{16} << (qulonglong{1} << 20);
        QTest::newRow("a short last group") << 3 << false << true << qlonglong{12} << (qulonglong{1} << 20);
        QTest::newRow("a few rows at a time") << 3 << false << false << qlonglong{8} << qulonglong{1600};
    }
    void theSameBytesAsOnTheCpu() {
        QFETCH(int, bits);
        QFETCH(bool, symmetric);
        QFETCH(bool, as_is);
        QFETCH(qlonglong, group_size);
        QFETCH(qulonglong, budget);
        const auto weight = MemoryBlock::small().weights.at(LinearRole::gate_proj);
        kernels::GridOptions grid{.bits = bits};
        grid.symmetric = symmetric;
        grid.range = as_is ? kernels::GridRange::as_is : kernels::GridRange::with_zero;
        const EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, budget);
        QVERIFY(gpu.has_value());
        const auto wanted = roundToNearest(weight, grid, group_size, "a linear", JobContext());
        const auto found = roundToNearest(weight, grid, group_size, "a linear", JobContext(), gpu->get());
        QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
        QVERIFY(emulated.launches("encodeGroups") > 0);
        QVERIFY(found->codes == wanted->codes);
        QVERIFY(found->scales.values == wanted->scales.values);
        QVERIFY(found->zero_points.values == wanted->zero_points.values);
        QCOMPARE(emulated.misuse(), std::string());
        QCOMPARE(emulated.bytesInUse(), 0ULL);
    }
    void withoutRoomTheCpuDoesItAndANoteSaysSo() {
        const auto weight = MemoryBlock::small().weights.at(LinearRole::gate_proj);
        const EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 300);
        QVERIFY(gpu.has_value());
        std::string note = "none";
        (*gpu)->sendNotesTo([&](const std::string& text) { note = text; });
        const auto made = roundToNearest(weight, {.bits = 4}, 8, "a linear", JobContext(), gpu->get());
        QVERIFY(made.has_value());
        QCOMPARE(emulated.launches("encodeGroups"), 0);
        QVERIFY2(note.contains("no room to round a linear"), note.c_str());
    }
    void aScaleBeyondFloat32IsRefused() {
        auto weight = MemoryBlock::small().weights.at(LinearRole::gate_proj);
        weight.at(0, 0) = -3e38F;
        weight.at(0, 1) = 3e38F;
        const EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        QVERIFY(!roundToNearest(weight, {.bits = 2}, 8, "a linear", JobContext(), gpu->get()).has_value());
    }
};
QTEST_APPLESS_MAIN(GpuRoundingTest)
#include "gpu_rounding_test.moc"
