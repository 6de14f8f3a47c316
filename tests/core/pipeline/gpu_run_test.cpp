// If this fails, the same recipe gives other results on a GPU than on the CPU, results of the two are mixed in one run
// folder, or a GPU that gives up takes finished work with it.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/pipeline/runner.h"
#include "core/pipeline/verify.h"
#include "tests/support/emulated_cuda.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;

namespace {

const DeviceChoice kCuda{kCudaDevice, 0};

}  // namespace

class GpuRunTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QVERIFY(test::writeTinyModel(path("model"), {.block_count = 3}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt"), 20000, 5).has_value());
        recipe_ = test::sampleRecipe(path("model"), path("text.txt"));
        recipe_.evaluations[0].benchmark = "text";
        recipe_.group_sizes = {32};
        recipe_.bits = {4};
        recipe_.methods = {{"rtn", {}}, {"gptq", {}}, {"awq", {}}};
        const auto made = run("cpu", {});
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
    }
    void theSameRecipeGivesTheSameResults();
    void aRunStaysOnItsDevice();
    void aFaultLeavesARunToResume();
    void littleMemoryIsEnoughAndIsSaid();
    void tooLittleMemoryIsSaidWithWhatToDo();
    void float32IsRefusedAndAutoTakesTheCpu();
    void aBlockCanBeRepeated();
    void aGpuThatComputesWronglyIsNotTrusted();
    void withoutAGpuCudaIsRefusedAndAutoIsTheCpu();

private:
    std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }
    Result<RunSummary> run(const char* name, const DeviceChoice& choice) {
        notes_.clear();
        device_ = {};
        const auto note = [this](const Event& event) {
            if (event.kind == EventKind::note) notes_.push_back(event.text);
            if (event.kind == EventKind::device) device_ = event;
        };
        JobContext job;
        return runRecipe(recipe_, path(name), note, job, choice);
    }
    bool noted(const std::string& words) const {
        return std::ranges::any_of(notes_, [&](const std::string& note) { return note.contains(words); });
    }
    double metric(const char* run_name, const std::string& id, std::int64_t block, std::size_t linear,
                  const char* name) const {
        const auto opened = RunFolder::openForReading(path(run_name));
        return (*opened)->layerMetrics(id, block)->linears[linear].metrics.at(name);
    }
    double perplexity(const char* run_name, const std::string& id) const {
        return (*(*RunFolder::openForReading(path(run_name)))->scores(id)).front().value;
    }

    QTemporaryDir folder_;
    Recipe recipe_;
    std::vector<std::string> notes_;
    Event device_;  // the last one
};

void GpuRunTest::theSameRecipeGivesTheSameResults() {
    const test::EmulatedCuda emulated;
    const auto made = run("gpu", kCuda);
    QVERIFY2(made.has_value(), made ? "" : (made.error().message + made.error().cause).c_str());
    QVERIFY(noted("Computing on Emulated GPU"));
    QVERIFY(emulated.launches("gramAdd") > 0);
    QVERIFY(emulated.launches("updateSoftmax") > 0);
    for (const auto* kernel :
         {"dampedMoments", "inverseFactor", "gptqSolve", "weightedError", "scaledRoundingError", "findClipLimits"})
        QVERIFY2(emulated.launches(kernel) > 0, kernel);
    QVERIFY(noted("AWQ's search by modules is computed on the CPU"));
    QVERIFY(noted("GPU memory held at most: weights"));
    QCOMPARE(device_.text, std::string("Emulated GPU"));
    QCOMPARE(device_.device_memory.size(), kGpuMemories.size());
    QVERIFY(device_.device_memory[0].peak_bytes > 0 &&
            device_.device_memory[0].peak_bytes < device_.device_budget_bytes);
    QCOMPARE(emulated.misuse(), std::string());
    QCOMPARE(emulated.bytesInUse(), 0ULL);
    QCOMPARE(emulated.pinnedRanges(), 0);
    for (const auto& info : made->configurations) {
        QVERIFY(std::fabs(perplexity("gpu", info.id) / perplexity("cpu", info.id) - 1.0) < 0.01);
        if (info.method.empty()) continue;
        for (std::int64_t block = 0; block < 3; ++block)
            for (std::size_t linear = 0; linear < 7; ++linear)
                for (const auto* name : {"relative_output_error", "weight_sqnr"}) {
                    const double found = metric("gpu", info.id, block, linear, name);
                    const double wanted = metric("cpu", info.id, block, linear, name);
                    QVERIFY2(std::fabs(found / wanted - 1.0) < 0.05,
                             (info.id + " " + name + " " + std::to_string(found / wanted)).c_str());
                }
    }
}

void GpuRunTest::aRunStaysOnItsDevice() {
    const test::EmulatedCuda emulated;
    const auto mixed = run("cpu", kCuda);
    QVERIFY(!mixed.has_value());
    QVERIFY2(mixed.error().message.find("--device cpu") != std::string::npos, mixed.error().message.c_str());
    QVERIFY(run("cpu", {kAutoDevice, 0}).has_value());
    QCOMPARE(emulated.contexts(), 0);
    const auto other = run("gpu", {kCpuDevice, 0});
    QVERIFY(!other.has_value());
    QVERIFY(other.error().message.find("computed on a GPU") != std::string::npos);
    const auto launches = emulated.launches();
    QVERIFY(run("gpu", {kAutoDevice, 0}).has_value());  // finished: nothing to do, no GPU started
    QCOMPARE(emulated.launches(), launches);
}

void GpuRunTest::aFaultLeavesARunToResume() {
    test::EmulatedCuda emulated;
    emulated.failAfterLaunches(160);
    const auto broken = run("broken", kCuda);
    QVERIFY(!broken.has_value());
    QVERIFY2(broken.error().message.find("stopped with a fault") != std::string::npos, broken.error().message.c_str());
    const auto opened = RunFolder::openForReading(path("broken"));
    const auto finished = (*opened)->finishedBlocks("rtn-w4-g32").size();
    QVERIFY2(finished > 0 && finished < 3, std::to_string(finished).c_str());
    emulated.failAfterLaunches(-1);
    const auto resumed = run("broken", {kAutoDevice, 0});
    QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().message.c_str());
    for (const auto& info : resumed->configurations)
        QCOMPARE(perplexity("broken", info.id), perplexity("gpu", info.id));
}

void GpuRunTest::littleMemoryIsEnoughAndIsSaid() {
    test::EmulatedCuda emulated;
    emulated.setMemory(700'000);  // blocks and moments fit, two sequences at a time do not
    const auto made = run("small", kCuda);
    QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
    QVERIFY2(noted("sequences go through a block 1 at a time instead of 2"),
             notes_.empty() ? "" : notes_.back().c_str());
    QCOMPARE(emulated.bytesInUse(), 0ULL);
    for (const auto& info : made->configurations)
        QVERIFY(std::fabs(perplexity("small", info.id) / perplexity("gpu", info.id) - 1.0) < 0.01);
}

void GpuRunTest::tooLittleMemoryIsSaidWithWhatToDo() {
    test::EmulatedCuda emulated;
    emulated.setMemory(100'000);
    const auto made = run("none", kCuda);
    QVERIFY(!made.has_value());
    QVERIFY2(made.error().message.find("--device-memory") != std::string::npos, made.error().message.c_str());
    QVERIFY(QFile::exists(QString::fromStdString(path("none") / "recipe.json")));
}

void GpuRunTest::float32IsRefusedAndAutoTakesTheCpu() {
    const test::EmulatedCuda emulated;
    const auto recipe = recipe_;
    recipe_.precision = Precision::float32;
    recipe_.methods = {{"rtn", {}}};
    const auto refused = run("float32", kCuda);
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().message.find("bfloat16 only") != std::string::npos);
    QVERIFY(run("float32", {kAutoDevice, 0}).has_value());
    QCOMPARE(emulated.launches(), 0);
    recipe_ = recipe;
}

void GpuRunTest::aBlockCanBeRepeated() {
    const test::EmulatedCuda emulated;
    JobContext job;
    const auto report = verifyRun(path("gpu"), "gptq-w4-g32", 1, job);
    QVERIFY2(report.has_value(), report ? "" : (report.error().message + report.error().cause).c_str());
    QVERIFY(report->problems.empty());
    QVERIFY(report->repeated.find("the same bytes") != std::string::npos);
    QVERIFY(emulated.launches() > 0);
}

void GpuRunTest::aGpuThatComputesWronglyIsNotTrusted() {
    test::EmulatedCuda emulated;
    emulated.spoilProducts();
    const auto made = run("wrong", kCuda);
    QVERIFY(!made.has_value());
    QVERIFY2(made.error().message.contains("cannot be trusted"), made.error().message.c_str());
    QCOMPARE(emulated.bytesInUse(), 0ULL);
}

void GpuRunTest::withoutAGpuCudaIsRefusedAndAutoIsTheCpu() {
    if (Gpu::open(0, 0).has_value()) QSKIP("this machine has a GPU");
    const auto refused = run("refused", kCuda);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().kind, ErrorKind::usage);
    QVERIFY(refused.error().message.find("--device cpu") != std::string::npos);
    QVERIFY(run("gpu", {kAutoDevice, 0}).has_value());  // finished: needs none
    recipe_.evaluations[0].limit = 1;
    const auto more = run("gpu", {kAutoDevice, 0});  // what began on a GPU is not mixed with the CPU's unasked
    QVERIFY(!more.has_value());
    QVERIFY2(more.error().message.contains("begun on a GPU"), more.error().message.c_str());
    recipe_.evaluations[0].limit = 2;
    QVERIFY(run("cpu", {kAutoDevice, 0}).has_value());
}

QTEST_APPLESS_MAIN(GpuRunTest)
#include "gpu_run_test.moc"
