#include "core/formats/exports/fake_quant_export.h"

#include <algorithm>
#include <cmath>

#include "core/base/option_rows.h"
#include "core/base/sha256.h"
#include "core/formats/exports/block_checks.h"
#include "core/formats/exports/dense_tensors.h"
#include "core/formats/exports/fake_quant_report.h"
#include "core/formats/exports/folder/checkpoint_writer.h"
#include "core/formats/exports/folder/export_folder.h"
#include "core/formats/exports/rounding.h"
#include "core/formats/exports/verify/written_checkpoint.h"

namespace quantoscope::exports {
namespace {

constexpr int kMostBfloat16Bits = 6;  // beyond, rounding to 8 significant bits moves weights by more than half a step

/// What an export in progress remembers.
struct FakeQuant {
    std::shared_ptr<ExportModel> model;
    bool keep_source_types = false;
    DType dtype = DType::f16;  ///< unless the source's types are kept
    FakeQuantSummary summary;

    DType typeOf(const std::string& name) const { return keep_source_types ? sourceType(*model, name) : dtype; }
};

DType typeOfOption(const std::string& option) {
    if (option == "bfloat16") return DType::bf16;
    return option == "float32" ? DType::f32 : DType::f16;
}

std::string torchName(DType dtype) {
    if (dtype == DType::f32) return "float32";
    return dtype == DType::bf16 ? "bfloat16" : "float16";
}

Status checkWidth(const QuantizedBlock& block, std::int64_t index, const FakeQuant& fake) {
    for (const auto role : kLinearRoles) {
        const auto& tensor = block.linears[static_cast<std::size_t>(role)];
        const auto name = linearPath(index, role);
        if (tensor && tensor->bits > kMostBfloat16Bits && fake.typeOf(name + ".weight") == DType::bf16)
            return failure("'" + name + "' has " + std::to_string(tensor->bits) +
                           " bits, which bfloat16 would blur; export with --dtype float16 or float32");
    }
    return {};
}

double norm(std::span<const float> values) {
    double sum = 0.0;
    for (const float value : values) sum += static_cast<double>(value) * value;
    return std::sqrt(sum);
}

double distance(std::span<const float> a, std::span<const float> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
    return std::sqrt(sum);
}

/// W in the coordinates the codes are in.
void fold(const QuantizedTensor& tensor, Matrix& weight) {
    for (std::int64_t row = 0; row < weight.rows; ++row)
        for (std::int64_t column = 0; column < weight.columns; ++column) {
            if (!tensor.input_scale.empty())
                weight.at(row, column) *= tensor.input_scale[static_cast<std::size_t>(column)];
            if (!tensor.output_scale.empty())
                weight.at(row, column) /= tensor.output_scale[static_cast<std::size_t>(row)];
        }
}

Status checkRange(const std::string& name, DType dtype, std::span<const float> values) {
    const auto largest = std::ranges::max(values, {}, [](float value) { return std::fabs(value); });
    if (dtype != DType::f16 || std::fabs(largest) <= kLargestHalf) return {};
    return failure("'" + name + "' holds " + std::to_string(largest) +
                   ", beyond the 65504 of float16; export with --dtype bfloat16 or float32");
}

Result<std::vector<std::byte>> linearBytes(FakeQuant& fake, std::int64_t block, LinearRole role) {
    const auto name = linearPath(block, role) + ".weight";
    const auto dtype = fake.typeOf(name);
    QS_ASSIGN(const auto* quantized, fake.model->block(block));
    QS_ASSIGN(auto original, fake.model->weights().readMatrix(name));
    const auto& tensor = quantized->linears[static_cast<std::size_t>(role)];
    const Matrix values = tensor ? tensor->dequantize() : original;
    QS_TRY(checkRange(name, dtype, values.values));
    std::vector<std::byte> bytes(values.values.size() * elementBytes(dtype));
    encode(dtype, values.values, bytes);
    if (!tensor) return bytes;
    fold(*tensor, original);
    std::vector<float> stored(values.values.size());
    roundTo(dtype, values.values, stored);
    const double size = norm(original.values);
    fake.summary.linears.push_back(
        {fake.model->storedName(name), tensor->rows, tensor->columns, tensor->bits, tensor->bitsPerWeight(),
         isActOrder(*tensor), distance(values.values, original.values) / size, distance(stored, original.values) / size,
         sha256Hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()))});
    return bytes;
}

void addLinears(std::vector<TensorToWrite>& tensors, const std::shared_ptr<FakeQuant>& fake) {
    const auto& config = fake->model->config();
    for (std::int64_t block = 0; block < config.block_count; ++block)
        for (const auto role : kLinearRoles) {
            const auto name = linearPath(block, role) + ".weight";
            tensors.push_back({name,
                               fake->typeOf(name),
                               {linearRows(config, role), linearColumns(config, role)},
                               [fake, block, role] { return linearBytes(*fake, block, role); }});
        }
}

Status verify(FakeQuant& fake, const std::vector<StoredDense>& dense, const std::filesystem::path& folder,
              const JobContext& job) {
    QS_ASSIGN(const auto written, WrittenCheckpoint::open(folder, *fake.model));
    QS_TRY(verifyDense(written, *fake.model, dense, job));
    const auto blocks = fake.model->config().block_count;
    for (std::int64_t block = 0; block < blocks; ++block) {
        QS_ASSIGN(const auto* quantized, fake.model->block(block));
        for (const auto& [name, values] : quantized->vectors)
            fake.summary.transforms.push_back("scales folded into " + name);
        for (const auto role : kLinearRoles) {
            const auto name = linearPath(block, role);
            QS_TRY(job.checkStop());
            job.report("Checking " + name, static_cast<double>(block) / static_cast<double>(blocks));
            QS_TRY(verifyDequantized(written, *fake.model, role, block, fake.typeOf(name + ".weight")));
        }
    }
    return {};
}

std::vector<std::string> notesFor(const FakeQuant& fake, const std::vector<StoredDense>& dense) {
    const auto name = torchName(fake.typeOf(linearPath(0, LinearRole::q_proj) + ".weight"));
    std::vector<std::string> notes{"dense " + name + " weights: no size or speed gain; activations are not quantized"};
    std::ranges::copy(roundingNotes(dense), std::back_inserter(notes));
    return notes;
}

Result<std::shared_ptr<FakeQuant>> openFakeQuant(const ExportSource& source, const std::string& dtype) {
    auto fake = std::make_shared<FakeQuant>();
    fake->keep_source_types = dtype == "source";
    fake->dtype = typeOfOption(dtype);
    const auto check = [known = std::weak_ptr(fake)](const ExportModel& model, const QuantizedBlock& block,
                                                     std::int64_t index) -> Status {
        QS_TRY(checkBlock(model, block, index));
        return checkWidth(block, index, *known.lock());
    };
    QS_ASSIGN(fake->model, ExportModel::open(source, check));
    return fake;
}

Status checkFakeQuant(const ExportSource& source) {
    if (!source.model && !source.block) return {};  // no option stands in the way
    QS_ASSIGN(const auto fake, openFakeQuant(source, "float16"));
    if (!source.block) return {};
    if (const auto block = fake->model->block(0); !block) return std::unexpected(block.error());
    return {};
}

Result<ExportReport> writeFakeQuant(const ExportSource& source, const std::filesystem::path& folder,
                                    const OptionValues& given, JobContext& job) {
    QS_ASSIGN(const auto options, completeOptions(fakeQuantFormat().options, given));
    QS_TRY(checkTarget(folder));
    QS_ASSIGN(const auto fake, openFakeQuant(source, textOption(options, "dtype")));
    QS_TRY(fake->model->block(0));
    const auto look = job.part(0.0, 0.05);
    QS_ASSIGN(const auto dense, fake->keep_source_types ? keepDenseTypes(*fake->model, look)
                                                        : useDenseType(*fake->model, fake->dtype, look));
    fake->summary.dtype = torchName(fake->typeOf(linearPath(0, LinearRole::q_proj) + ".weight"));
    QS_ASSIGN(const auto config, configWithDType(*fake->model, fake->summary.dtype));
    CheckpointToWrite checkpoint;
    checkpoint.texts = {{"config.json", jsonText(config)}};
    for (const auto& stored : dense) checkpoint.tensors.push_back(writeDense(fake->model, stored, job));
    addLinears(checkpoint.tensors, fake);
    checkpoint.notes = notesFor(*fake, dense);
    checkpoint.shard_bytes = shardBytes(options);
    checkpoint.verify = [&](const std::filesystem::path& written, const JobContext& verify_job) {
        return verify(*fake, dense, written, verify_job);
    };
    checkpoint.late_texts = [&]() -> Result<std::vector<TextFile>> {
        std::ranges::sort(fake->summary.linears, {}, &FakeQuantRecord::name);
        return std::vector<TextFile>{{"fake_quant_report.json", fakeQuantReport(*fake->model, fake->summary)},
                                     {"README.md", fakeQuantReadme(*fake->model, fake->summary)}};
    };
    return writeCheckpoint(*fake->model, std::move(checkpoint), folder, job.part(0.05, 1.0));
}

}  // namespace

FormatDescription fakeQuantFormat() {
    FormatDescription format;
    format.id = "fake-quant";
    format.label = "Dequantized checkpoint (fake-quant)";
    format.summary =
        "Dense Hugging Face folder with the quantized values: every program loads it, nothing gets smaller or faster.";
    format.options = {
        choiceOptionRow(
            "dtype", "Stored type", "float16", {"source", "float16", "bfloat16", "float32"},
            "float16 adds next to no error; bfloat16 is harmless up to 4 bits; source keeps the model's own types."),
        shardSizeOption(5'000)};
    format.check = checkFakeQuant;
    format.write = writeFakeQuant;
    return format;
}

}  // namespace quantoscope::exports
