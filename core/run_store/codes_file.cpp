#include "core/run_store/codes_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

#include "core/base/json.h"
#include "core/formats/safetensors_file.h"
#include "core/formats/safetensors_writer.h"
#include "core/run_store/bit_packing.h"
#include "core/run_store/file_header.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

constexpr const char* kMetadataKey = "quantoscope";
constexpr std::int64_t kLargestSide = std::int64_t{1} << 24;

template <typename Number>
std::vector<std::byte> rawBytes(const std::vector<Number>& values) {
    std::vector<std::byte> bytes(values.size() * sizeof(Number));
    if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

bool fitsHalf(std::span<const float> values) {
    return std::ranges::all_of(values,
                               [](float value) { return kernels::halfToFloat(kernels::floatToHalf(value)) == value; });
}

bool fitsByte(std::span<const float> values) {
    return std::ranges::all_of(
        values, [](float value) { return value >= 0.0F && value <= 255.0F && value == std::floor(value); });
}

std::vector<std::byte> halfBytes(std::span<const float> values) {
    std::vector<std::uint16_t> halves(values.size());
    kernels::floatToHalf(values.data(), halves.data(), values.size());
    return rawBytes(halves);
}

/// Tensors to write; they point into the block, which outlives the call.
class TensorList {
public:
    void addFloats(const std::string& name, const std::vector<float>& values, std::vector<std::int64_t> shape) {
        add(name, DType::f32, std::move(shape), [&values] { return rawBytes(values); });
    }
    void addLinear(const std::string& path, const QuantizedTensor& tensor) {
        const std::vector<std::int64_t> grid{tensor.scales.rows, tensor.scales.columns};
        add(path + ".codes", DType::u8, {tensor.rows, packedRowBytes(tensor.columns, tensor.bits)},
            [&tensor] { return packCodes(tensor.codes, tensor.rows, tensor.columns, tensor.bits); });
        if (tensor.scale_bits == 16 && fitsHalf(tensor.scales.values))
            add(path + ".scales", DType::f16, grid, [&tensor] { return halfBytes(tensor.scales.values); });
        else
            addFloats(path + ".scales", tensor.scales.values, grid);
        if (fitsByte(tensor.zero_points.values))
            add(path + ".zero_points", DType::u8, grid, [&tensor] {
                const auto& values = tensor.zero_points.values;
                return rawBytes(std::vector<std::uint8_t>(values.begin(), values.end()));
            });
        else
            addFloats(path + ".zero_points", tensor.zero_points.values, grid);
        if (!tensor.group_index.empty())
            add(path + ".group_index", DType::i32, {tensor.columns},
                [&tensor] { return rawBytes(tensor.group_index); });
        if (!tensor.input_scale.empty()) addFloats(path + ".input_scale", tensor.input_scale, {tensor.columns});
        if (!tensor.output_scale.empty()) addFloats(path + ".output_scale", tensor.output_scale, {tensor.rows});
    }
    std::vector<TensorToWrite> take() { return std::move(tensors_); }

private:
    template <typename Bytes>
    void add(const std::string& name, DType dtype, std::vector<std::int64_t> shape, Bytes bytes) {
        tensors_.push_back(
            {name, dtype, std::move(shape), [bytes]() -> Result<std::vector<std::byte>> { return bytes(); }});
    }
    std::vector<TensorToWrite> tensors_;
};

nlohmann::json linearFacts(const QuantizedTensor& tensor, double solver_error) {
    nlohmann::json facts{{"rows", tensor.rows},           {"columns", tensor.columns},
                         {"bits", tensor.bits},           {"group_size", tensor.group_size},
                         {"symmetric", tensor.symmetric}, {"scale_bits", tensor.scale_bits}};
    if (std::isfinite(solver_error)) facts["solver_error"] = solver_error;
    return facts;
}

/// A codes file being read.
class CodesReader {
public:
    CodesReader(std::shared_ptr<const SafetensorsFile> file, std::string path)
        : file_(std::move(file)), path_(std::move(path)) {}

    Result<nlohmann::json> facts(std::int64_t block) const;
    Result<QuantizedTensor> linear(const std::string& name, const nlohmann::json& facts) const;
    Result<std::vector<float>> vector(const std::string& name) const;

private:
    std::unexpected<Error> refuse(const std::string& what) const { return std::unexpected(damaged(path_, what)); }
    Result<const SafetensorsFile::Entry*> entry(const std::string& name, const std::vector<std::int64_t>& shape) const;
    Result<std::vector<float>> floats(const std::string& name, const std::vector<std::int64_t>& shape) const;
    Status optionalFloats(const std::string& name, std::int64_t count, std::vector<float>& values) const;

    std::shared_ptr<const SafetensorsFile> file_;
    std::string path_;
};

Result<nlohmann::json> CodesReader::facts(std::int64_t block) const {
    const auto found = file_->metadata().find(kMetadataKey);
    if (found == file_->metadata().end()) return refuse("it was not written by Quantoscope");
    QS_ASSIGN(nlohmann::json facts, parseJson(found->second, "the description in '" + path_ + "'"));
    const Hdf5Attributes header{{"format", stringMember(facts, "format")},
                                {"format_version", integerMember(facts, "format_version")}};
    QS_TRY(checkFormat(header, "quantoscope-codes", kCodesFormatVersion, path_));
    if (integerMember(facts, "block", -1) != block) return refuse("it holds another block");
    if (!facts.contains("linears") || !facts["linears"].is_object()) return refuse("its list of linears is missing");
    return facts;
}

Result<const SafetensorsFile::Entry*> CodesReader::entry(const std::string& name,
                                                         const std::vector<std::int64_t>& shape) const {
    const auto* found = file_->find(name);
    if (found == nullptr) return refuse("'" + name + "' is missing");
    if (found->shape != shape) return refuse("'" + name + "' has another shape");
    return found;
}

Result<std::vector<float>> CodesReader::floats(const std::string& name, const std::vector<std::int64_t>& shape) const {
    QS_ASSIGN(const auto* found, entry(name, shape));
    const auto bytes = file_->bytes(*found);
    std::size_t count = 1;
    for (const auto extent : shape) count *= static_cast<std::size_t>(extent);
    std::vector<float> values(count);
    if (found->dtype == DType::u8 && bytes.size() == count) {
        std::ranges::transform(bytes, values.begin(),
                               [](std::byte byte) { return static_cast<float>(std::to_integer<int>(byte)); });
    } else if (found->dtype == DType::f32 && bytes.size() == count * 4) {
        if (count > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
    } else if (found->dtype == DType::f16 && bytes.size() == count * 2) {
        kernels::halfToFloat(bytes.data(), values.data(), count);
    } else {
        return refuse("'" + name + "' has another type");
    }
    return values;
}

Status CodesReader::optionalFloats(const std::string& name, std::int64_t count, std::vector<float>& values) const {
    if (file_->find(name) == nullptr) return {};
    QS_ASSIGN(values, floats(name, {count}));
    return {};
}

Result<QuantizedTensor> CodesReader::linear(const std::string& name, const nlohmann::json& facts) const {
    QuantizedTensor tensor;
    tensor.rows = integerMember(facts, "rows", -1);
    tensor.columns = integerMember(facts, "columns", -1);
    tensor.group_size = integerMember(facts, "group_size", -1);
    const std::int64_t bits = integerMember(facts, "bits");
    const std::int64_t scale_bits = integerMember(facts, "scale_bits");
    const bool sane = tensor.rows > 0 && tensor.rows <= kLargestSide && tensor.columns > 0 &&
                      tensor.columns <= kLargestSide && tensor.group_size > 0 && bits >= 1 && bits <= 8 &&
                      (scale_bits == 16 || scale_bits == 32);
    if (!sane) return refuse("the description of '" + name + "' makes no sense");
    tensor.bits = static_cast<int>(bits);
    tensor.scale_bits = static_cast<int>(scale_bits);
    tensor.symmetric = facts.contains("symmetric") && facts["symmetric"].is_boolean() && facts["symmetric"].get<bool>();
    QS_ASSIGN(const auto* codes, entry(name + ".codes", {tensor.rows, packedRowBytes(tensor.columns, tensor.bits)}));
    if (codes->dtype != DType::u8) return refuse("'" + name + ".codes' has another type");
    tensor.codes = unpackCodes(file_->bytes(*codes), tensor.rows, tensor.columns, tensor.bits);
    const auto* scales = file_->find(name + ".scales");
    if (scales == nullptr || scales->shape.size() != 2 || scales->shape[1] < 1 || scales->shape[1] > tensor.columns)
        return refuse("'" + name + ".scales' has another shape");
    const std::vector<std::int64_t> grid{tensor.rows, scales->shape[1]};
    tensor.scales.rows = tensor.zero_points.rows = grid[0];
    tensor.scales.columns = tensor.zero_points.columns = grid[1];
    QS_ASSIGN(tensor.scales.values, floats(name + ".scales", grid));
    QS_ASSIGN(tensor.zero_points.values, floats(name + ".zero_points", grid));
    if (file_->find(name + ".group_index") != nullptr) {
        QS_ASSIGN(const auto* index, entry(name + ".group_index", {tensor.columns}));
        if (index->dtype != DType::i32) return refuse("'" + name + ".group_index' has another type");
        tensor.group_index.resize(static_cast<std::size_t>(tensor.columns));
        std::memcpy(tensor.group_index.data(), file_->bytes(*index).data(),
                    tensor.group_index.size() * sizeof(std::int32_t));
    }
    QS_TRY(optionalFloats(name + ".input_scale", tensor.columns, tensor.input_scale));
    QS_TRY(optionalFloats(name + ".output_scale", tensor.rows, tensor.output_scale));
    if (auto status = tensor.validate(name); !status) return refuse(status.error().message);
    return tensor;
}

Result<std::vector<float>> CodesReader::vector(const std::string& name) const {
    const auto* found = file_->find(name);
    if (found == nullptr || found->shape.size() != 1) return refuse("'" + name + "' is missing");
    return floats(name, found->shape);
}

Result<CodesReader> openCodes(const std::filesystem::path& path) {
    QS_ASSIGN(auto file, SafetensorsFile::open(path));
    return CodesReader(std::move(file), path.string());
}

}  // namespace

std::uint64_t codesBytes(const QuantizedBlock& quantized) {
    std::uint64_t bytes = 0;
    for (const auto& tensor : quantized.linears) {
        if (!tensor) continue;
        bytes += static_cast<std::uint64_t>(tensor->rows * packedRowBytes(tensor->columns, tensor->bits));
        bytes += tensor->scales.values.size() * 5 + tensor->group_index.size() * 4;
        bytes += (tensor->input_scale.size() + tensor->output_scale.size()) * 4;
    }
    for (const auto& [name, values] : quantized.vectors) bytes += values.size() * 4;
    return bytes;
}

Status writeCodesFile(const std::filesystem::path& path, std::int64_t block, const QuantizedBlock& quantized,
                      const std::string& provenance) {
    TensorList tensors;
    nlohmann::json facts{{"format", "quantoscope-codes"},
                         {"format_version", kCodesFormatVersion},
                         {"block", block},
                         {"provenance", provenance},
                         {"notes", quantized.notes},
                         {"linears", nlohmann::json::object()},
                         {"vectors", nlohmann::json::array()}};
    for (const auto role : kLinearRoles) {
        const auto& tensor = quantized.linears[static_cast<std::size_t>(role)];
        if (!tensor) continue;
        QS_TRY(tensor->validate(linearPath(block, role)));
        tensors.addLinear(linearPath(block, role), *tensor);
        facts["linears"][std::string(linearName(role))] =
            linearFacts(*tensor, quantized.solver_error[static_cast<std::size_t>(role)]);
    }
    for (const auto& [name, values] : quantized.vectors) {
        tensors.addFloats(name, values, {static_cast<std::int64_t>(values.size())});
        facts["vectors"].push_back(name);
    }
    return writeSafetensors(path, tensors.take(), {{kMetadataKey, jsonText(facts)}}, JobContext());
}

Result<QuantizedBlock> readCodesFile(const std::filesystem::path& path, std::int64_t block) {
    QS_ASSIGN(const CodesReader reader, openCodes(path));
    QS_ASSIGN(const nlohmann::json facts, reader.facts(block));
    QuantizedBlock quantized;
    for (const auto role : kLinearRoles) {
        const auto found = facts["linears"].find(std::string(linearName(role)));
        if (found == facts["linears"].end()) continue;
        QS_ASSIGN(quantized.linears[static_cast<std::size_t>(role)], reader.linear(linearPath(block, role), *found));
        quantized.solver_error[static_cast<std::size_t>(role)] = numberMember(*found, "solver_error");
    }
    if (const auto names = facts.find("vectors"); names != facts.end() && names->is_array())
        for (const auto& name : *names) {
            if (!name.is_string()) return std::unexpected(damaged(path.string(), "a vector has no name"));
            QS_ASSIGN(quantized.vectors[name.get<std::string>()], reader.vector(name.get<std::string>()));
        }
    if (const auto notes = facts.find("notes"); notes != facts.end() && notes->is_array())
        for (const auto& note : *notes)
            if (note.is_string()) quantized.notes.push_back(note.get<std::string>());
    return quantized;
}

Result<std::string> readCodesProvenance(const std::filesystem::path& path, std::int64_t block) {
    QS_ASSIGN(const CodesReader reader, openCodes(path));
    QS_ASSIGN(const nlohmann::json facts, reader.facts(block));
    return stringMember(facts, "provenance");
}

}  // namespace quantoscope
