#include "core/formats/weights/stored_model.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/sha256.h"
#include "core/formats/folder/tensor_names.h"
#include "core/formats/strict_json.h"
#include "core/formats/weight_check.h"

namespace quantoscope {
namespace {

constexpr std::uint64_t kSmallModelBytes = std::uint64_t{64} << 20;
constexpr std::size_t kSampleBytes = 64;

/// A few bytes at the beginning, middle and end: two fine-tunings of one model have equal headers.
void addSamples(Sha256& hash, const StoredTensor& tensor) {
    std::array<std::byte, kSampleBytes> sample{};
    const auto length = std::min<std::uint64_t>(kSampleBytes, tensor.byte_count);
    const auto bytes = std::span(sample).first(static_cast<std::size_t>(length));
    for (const std::uint64_t part : {0, 1, 2})
        if (tensor.map->readAt(tensor.offset + (tensor.byte_count - length) / 2 * part, bytes)) hash.add(bytes);
}

}  // namespace

void StoredModel::add(StoredTensor tensor) {
    infos_.push_back(
        {tensor.name, tensor.dtype, tensor.shape, tensor.byte_count, tensor.map->path().filename().string()});
    stored_.push_back(std::move(tensor));
}

std::int64_t StoredModel::parameterCount() const {
    std::int64_t count = 0;
    if (quantized_checkpoint_ && config_) {
        for (const auto& [name, shape] : expectedTensors(*config_)) {
            std::int64_t elements = 1;
            for (const auto dimension : shape) elements *= dimension;
            count += elements;
        }
        return count;
    }
    const bool tied = config_ && config_->tie_word_embeddings;
    for (const auto& tensor : stored_) {
        const auto name = canonicalName(tensor.name);
        const bool copy_of_embedding = tied && name == "lm_head.weight";
        if (!copy_of_embedding && !isLegacyBuffer(name) && name != "rope_freqs.weight") count += tensor.elementCount();
    }
    return count;
}

std::uint64_t StoredModel::totalBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& info : infos_) bytes += info.bytes;
    return bytes;
}

std::string StoredModel::fingerprint() const {
    Sha256 hash;
    hash.add("config " + sha256Hex(config_json_) + "\n");
    std::vector<const StoredTensor*> order;
    for (const auto& tensor : stored_) order.push_back(&tensor);
    std::ranges::sort(order, {}, [](const auto* tensor) -> const std::string& { return tensor->name; });
    for (const auto* tensor : order) {
        std::string line = tensor->name + " " + std::string(dtypeName(tensor->dtype));
        for (const auto dimension : tensor->shape) line.append(" ").append(std::to_string(dimension));
        hash.add(line + " " + std::to_string(tensor->byte_count) + "\n");
        addSamples(hash, *tensor);
    }
    return hash.hex();
}

Status StoredModel::readStored(std::size_t tensor, std::uint64_t first, std::span<float> values) const {
    return readStoredElements(stored_.at(tensor), first, values);
}

void StoredModel::scanSmallModel() {
    if (totalBytes() > kSmallModelBytes) return;
    JobContext job;
    const auto counts = countNonFinite(*this, job);
    if (!counts) return;
    constexpr std::size_t kMost = 20;
    for (std::size_t i = 0; i < std::min(kMost, counts->size()); ++i)
        warnings_.push_back(std::to_string((*counts)[i].count) + " non-finite values in '" +
                            excerpt((*counts)[i].tensor) + "'");
    if (counts->size() > kMost)
        warnings_.push_back("non-finite values in " + std::to_string(counts->size() - kMost) + " more tensors");
}

StoredTensors StoredModel::byCanonicalName() const {
    StoredTensors tensors;
    for (const auto& tensor : stored_) tensors.emplace(canonicalName(tensor.name), tensor);
    return tensors;
}

void StoredModel::compareWithConfig() {
    if (!config_ || quantized_checkpoint_) return;
    const auto tensors = byCanonicalName();
    if (const auto status = checkAgainstConfig(*config_, tensors, path_); !status)
        warnings_.push_back(status.error().message);
    std::set<std::string, std::less<>> expected;
    for (auto& tensor : expectedTensors(*config_)) expected.insert(std::move(tensor.name));
    std::size_t extra = 0;
    std::string first;
    for (const auto& [name, tensor] : tensors) {
        const bool tied_head = config_->tie_word_embeddings && name == "lm_head.weight";
        if (expected.contains(name) || tied_head || isVisionTensor(tensor.name) || isLegacyBuffer(name) ||
            name == "rope_freqs.weight")
            continue;
        if (extra++ == 0) first = tensor.name;
    }
    if (extra > 0)
        warnings_.push_back(std::to_string(extra) +
                            " tensors belong to no part of the model and are ignored, the first is '" + excerpt(first) +
                            "'");
}

}  // namespace quantoscope
