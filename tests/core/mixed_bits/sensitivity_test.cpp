// If this fails, the bits assigned for a size come from another method's errors, a pin is not kept, or the perplexity
// a user is told to expect is not the one the runs show.
#include "core/mixed_bits/sensitivity.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "core/mixed_bits/divergence_file.h"

using namespace quantoscope;

namespace {

constexpr std::int64_t kBlocks = 2;
constexpr std::int64_t kWeights = 16 * 16;

ConfigurationInfo infoOf(const std::string& method, std::int64_t bits, const std::string& layer_bits = {}) {
    ConfigurationInfo info;
    info.id = method + "-w" + std::to_string(bits) + "-g64" + (layer_bits.empty() ? "" : "-mixed-1");
    info.method = method;
    info.options = {{"bits", bits}, {"group_size", std::int64_t{64}}};
    info.layer_bits = layer_bits;
    info.state = "done";
    info.block_count = kBlocks;
    return info;
}

/// What a linear costs falls by four a bit; block 1 and later roles are more sensitive.
double lossAt(std::int64_t block, LinearRole role, std::int64_t bits) {
    return (1.0 + static_cast<double>(block)) * (1.0 + static_cast<double>(role)) *
           std::pow(4.0, -static_cast<double>(bits));
}

Status writeRun(RunFolder& run, const ConfigurationInfo& info, double perplexity) {
    const auto rules = parseLayerBits(info.layer_bits);
    for (std::int64_t block = 0; block < kBlocks; ++block) {
        LayerRecord record;
        record.block = block;
        for (const auto role : kLinearRoles) {
            const auto bits = ruledBits(*rules, block, role).value_or(integerOption(info.options, "bits"));
            LinearRecord linear;
            linear.role = role;
            linear.rows = linear.columns = 16;
            // The recorded error says nothing about what a linear matters, only how it grows with fewer bits.
            linear.metrics = {{"relative_output_error",
                               (9.0 - static_cast<double>(role)) * std::pow(4.0, -static_cast<double>(bits))},
                              {"bits_per_weight", static_cast<double>(bits) + 0.5}};
            record.linears.push_back(std::move(linear));
        }
        QS_TRY(run.writeBlock(info.id, record, {}, "test"));
    }
    QS_TRY(run.writeConfiguration(info));
    Score score;
    score.benchmark = "text";
    score.metric = "perplexity";
    score.value = perplexity;
    return run.writeScore(info.id, score);
}

Status writeOriginal(RunFolder& run, double perplexity) {
    ConfigurationInfo info;
    info.id = "original";
    info.state = "done";
    QS_TRY(run.writeConfiguration(info));
    Score score;
    score.benchmark = "text";
    score.metric = "perplexity";
    score.value = perplexity;
    return run.writeScore(info.id, score);
}

double allLoss(std::int64_t bits) {
    double sum = 0.0;
    for (std::int64_t block = 0; block < kBlocks; ++block)
        for (const auto role : kLinearRoles) sum += lossAt(block, role, bits);
    return sum;
}

}  // namespace

Status measure(RunFolder& run, const ConfigurationInfo& info) {
    LinearDivergences measured{1, 16, {}};
    for (std::int64_t block = 0; block < kBlocks; ++block)
        for (const auto role : kLinearRoles)
            measured.divergence[{block, role}] = lossAt(block, role, integerOption(info.options, "bits"));
    return writeDivergences(divergencePath(run.path(), info.id), measured);
}

class SensitivityTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        const auto opened = RunFolder::openForWriting((folder_.path() + QStringLiteral("/run")).toStdString());
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
        run_ = *opened;
        for (const Status& status : {run_->writeRecipe("{}"), run_->writeManifest("{}"), writeOriginal(*run_, 10.0),
                                     writeRun(*run_, infoOf("gptq", 4), 10.5), writeRun(*run_, infoOf("gptq", 2), 40.0),
                                     writeRun(*run_, infoOf("gptq", 3), 12.0), writeRun(*run_, infoOf("rtn", 3), 99.0),
                                     writeRun(*run_, infoOf("gptq", 3, "1.down_proj=4,0.q_proj=2"), 11.5)})
            QVERIFY2(status.has_value(), status ? "" : status.error().message.c_str());
    }

    void nothingIsAssignedBeforeItIsMeasured() {
        const auto read = readSensitivity(*run_, {}, {});
        QVERIFY(!read && read.error().message.find("quantoscope-worker sensitivity") != std::string::npos);
        QCOMPARE(runToMeasure(*run_, {}).value(), std::string("gptq-w3-g64"));
        QCOMPARE(runToMeasure(*run_, "rtn-w3-g64").value(), std::string("rtn-w3-g64"));
        QVERIFY(measure(*run_, infoOf("gptq", 3)).has_value());
    }

    void readsEveryWidthOfOneMethod() {
        const auto read = readSensitivity(*run_, {}, {});
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->method, std::string("gptq"));
        QCOMPARE(read->widths, (std::vector<std::int64_t>{2, 3, 4}));
        QCOMPARE(read->measured_widths, (std::vector<std::int64_t>{3}));
        QCOMPARE(read->linears.size(), std::size_t{7 * kBlocks});
        QCOMPARE(read->weights, 7 * kBlocks * kWeights);
        const auto& down = read->linears.back();
        QVERIFY(down.block == 1 && down.role == LinearRole::down_proj && down.choices.size() == 3);
        QCOMPARE(down.choices[1].bits, std::int64_t{3});
        QCOMPARE(down.choices[1].size_bits, std::int64_t{7 * kWeights / 2});
        QVERIFY(read->calibrated);
        QVERIFY(std::abs(down.choices[1].loss - lossAt(1, LinearRole::down_proj, 3) / allLoss(3) * std::log(1.2)) <
                1e-12);
    }

    void predictedStandsBesideMeasured() {
        const auto read = readSensitivity(*run_, "gptq-w3-g64", {});
        QVERIFY(read.has_value());
        QCOMPARE(read->measured.size(), std::size_t{4});
        QCOMPARE(*read->original_perplexity, 10.0);
        // The runs at one width are met: each width's losses add up to the rise of log perplexity.
        for (const auto& [index, perplexity] : {std::pair(0, 40.0), std::pair(1, 12.0), std::pair(2, 10.5)}) {
            const auto& width = read->measured[static_cast<std::size_t>(index)];
            QVERIFY(std::abs(width.loss - std::log(perplexity / 10.0)) < 1e-12);
            QVERIFY(std::abs(*width.expected_perplexity - perplexity) < 1e-9);
        }
        const auto share = [](std::int64_t block, LinearRole role, std::int64_t bits, double perplexity) {
            return lossAt(block, role, bits) / allLoss(bits) * std::log(perplexity / 10.0);
        };
        const auto& mixed = read->measured.back();
        QVERIFY(mixed.mixed && mixed.perplexity == 11.5);
        const double wanted = std::log(1.2) - share(1, LinearRole::down_proj, 3, 12.0) +
                              share(1, LinearRole::down_proj, 4, 10.5) - share(0, LinearRole::q_proj, 3, 12.0) +
                              share(0, LinearRole::q_proj, 2, 40.0);
        QVERIFY(std::abs(mixed.loss - wanted) < 1e-12);
        QVERIFY(std::abs(*mixed.expected_perplexity - 10.0 * std::exp(wanted)) < 1e-9);
        QCOMPARE(*expectedPerplexity(*read, 0.0), 10.0);
    }

    void mixedRunsOfAnotherFolderAreAdded() {
        const auto other = RunFolder::openForWriting((folder_.path() + QStringLiteral("/other")).toStdString());
        QVERIFY(other.has_value());
        QVERIFY((*other)->writeRecipe("{}").has_value());
        QVERIFY(writeRun(**other, infoOf("gptq", 3, "*.v_proj=4"), 11.0).has_value());
        QVERIFY(writeRun(**other, infoOf("gptq", 4), 77.0).has_value());               // not mixed
        QVERIFY(writeRun(**other, infoOf("rtn", 3, "*.v_proj=4"), 77.0).has_value());  // another method
        auto read = readSensitivity(*run_, {}, {});
        QVERIFY(read.has_value());
        QVERIFY(addMeasuredRuns(**other, *read).has_value());
        QCOMPARE(read->measured.size(), std::size_t{5});
        QVERIFY(read->measured.back().perplexity == 11.0 && read->measured.back().expected_perplexity < 12.0);
    }

    void bitsGoWhereTheyHelpMost() {
        const auto read = readSensitivity(*run_, {}, {});
        QVERIFY(read.has_value());
        const auto assigned = assignFor(*read, 7 * read->weights / 2, {}, {});
        QVERIFY2(assigned.has_value(), assigned ? "" : assigned.error().message.c_str());
        QVERIFY(assigned->size_bits <= 7 * read->weights / 2);
        QVERIFY(assigned->loss < std::log(1.2));
        QCOMPARE(assigned->bits[1][6], std::int64_t{4});
        QCOMPARE(assigned->bits[0][0], std::int64_t{2});
        for (std::size_t block = 0; block < assigned->bits.size(); ++block)
            for (const auto role : kLinearRoles)
                QCOMPARE(ruledBits(assigned->rules, static_cast<std::int64_t>(block), role).value_or(assigned->base),
                         assigned->bits[block][static_cast<std::size_t>(role)]);
    }

    void pinsAreKept() {
        const auto read = readSensitivity(*run_, {}, {});
        const auto pins = parseLayerBits("1.down_proj=2,0.q_proj=skip");
        const auto assigned = assignFor(*read, 5 * read->weights, *pins, {});
        QVERIFY2(assigned.has_value(), assigned ? "" : assigned.error().message.c_str());
        QCOMPARE(assigned->bits[1][6], std::int64_t{2});
        QCOMPARE(assigned->bits[0][0], LayerBitsRule::kSkip);
        QVERIFY(!assignFor(*read, read->weights, {}, {}));  // one bit a weight
        const auto refused = assignFor(*read, 5 * read->weights, *parseLayerBits("0.q_proj=8"), {});
        QVERIFY(!refused && refused.error().message.find("2, 3, 4 bits") != std::string::npos);
    }

    void aMeasuredWidthIsTakenAsItIs() {
        const auto before = readSensitivity(*run_, {}, {});
        auto changed = *readDivergences(divergencePath(run_->path(), "gptq-w3-g64")).value();
        changed.divergence[{1, LinearRole::down_proj}] *= 10.0;
        QVERIFY(writeDivergences(divergencePath(run_->path(), "gptq-w2-g64"), changed).has_value());
        const auto read = readSensitivity(*run_, {}, {});
        QVERIFY(read.has_value() && before.has_value());
        QCOMPARE(read->measured_widths, (std::vector<std::int64_t>{2, 3}));
        const auto& down = read->linears.back();
        QVERIFY(down.choices[0].loss > 1.5 * before->linears.back().choices[0].loss);
        QCOMPARE(down.choices[1].loss, before->linears.back().choices[1].loss);
    }

    void aWidthAtWhichTheModelDoesNotWorkIsLeftOut() {
        const auto run = RunFolder::openForWriting((folder_.path() + QStringLiteral("/collapsed")).toStdString());
        QVERIFY(run.has_value());
        for (const Status& status :
             {(*run)->writeRecipe("{}"), writeOriginal(**run, 10.0), writeRun(**run, infoOf("gptq", 2), 101.0),
              writeRun(**run, infoOf("gptq", 3), 12.0), writeRun(**run, infoOf("gptq", 4), 10.5),
              measure(**run, infoOf("gptq", 3))})
            QVERIFY2(status.has_value(), status ? "" : status.error().message.c_str());
        const auto read = readSensitivity(**run, {}, {});
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->widths, (std::vector<std::int64_t>{3, 4}));
        QCOMPARE(read->collapsed_widths, std::vector<std::int64_t>{2});
        QCOMPARE(read->measured.size(), std::size_t{3});
        for (const auto& linear : read->linears) QCOMPARE(linear.choices.front().bits, std::int64_t{3});
        QVERIFY(!assignFor(*read, 3 * read->weights, {}, {}));
        QVERIFY(!assignFor(*read, 9 * read->weights, *parseLayerBits("0.q_proj=2"), {}));
    }

    void whatCannotBeReadIsSaid() {
        QVERIFY(readSensitivity(*run_, "rtn-w3-g64", {}).error().message.find("one bit width only") !=
                std::string::npos);
        QVERIFY(readSensitivity(*run_, "gptq-w3-g6", {}).error().message.find("did you mean") != std::string::npos);
        QVERIFY(writeRun(*run_, infoOf("rtn", 4), 98.0).has_value());
        const auto several = readSensitivity(*run_, {}, {});
        QVERIFY(!several && several.error().message.find("--configuration") != std::string::npos);
    }

private:
    QTemporaryDir folder_;
    std::shared_ptr<RunFolder> run_;
};

QTEST_APPLESS_MAIN(SensitivityTest)
#include "sensitivity_test.moc"
