#include "core/formats/safetensors_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/atomic_file.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// A file under its temporary name; removed unless committed.
class PartialFile {
public:
    PartialFile(fs::path target, std::uint64_t total_bytes)
        : target_(std::move(target)), temporary_(temporaryPath(target_)), total_bytes_(total_bytes) {
        descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ < 0) error_ = errno;
    }
    ~PartialFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
        if (!committed_) {
            std::error_code ignored;
            fs::remove(temporary_, ignored);
        }
    }
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    Status write(std::span<const std::byte> bytes) {
        while (!bytes.empty() && error_ == 0) {
            const auto count = ::write(descriptor_, bytes.data(), std::min(bytes.size(), std::size_t{64} << 20));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0)
                error_ = errno;
            else
                bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
        return status();
    }
    Status commit() {
        QS_TRY(status());
        if (::fsync(descriptor_) != 0) error_ = errno;
        if (::close(descriptor_) != 0 && error_ == 0) error_ = errno;
        descriptor_ = -1;
        QS_TRY(status());
        QS_TRY(commitTemporaryFile(temporary_, target_));
        committed_ = true;
        return {};
    }

private:
    Status status() const {
        if (error_ == 0) return {};
        return std::unexpected(writeError(target_, error_, total_bytes_));
    }
    fs::path target_;
    fs::path temporary_;
    std::uint64_t total_bytes_;
    int descriptor_ = -1;
    int error_ = 0;
    bool committed_ = false;
};

Result<std::uint64_t> byteCount(const TensorToWrite& tensor) {
    const auto name = "tensor '" + tensor.name + "'";
    if (traits(tensor.dtype).block_elements != 1)
        return failure(name + ": safetensors files cannot hold " + std::string(dtypeName(tensor.dtype)));
    std::uint64_t bits = traits(tensor.dtype).block_bits;
    for (const auto dimension : tensor.shape)
        if (dimension < 0 || __builtin_mul_overflow(bits, static_cast<std::uint64_t>(dimension), &bits))
            return failure(name + " has a shape that cannot be written");
    if (bits % 8 != 0) return failure(name + ": " + std::to_string(bits) + " bits is not a whole number of bytes");
    return bits / 8;
}

struct Layout {
    std::string header;  ///< length field and JSON, padded
    std::uint64_t total_bytes = 0;
};

Result<Layout> layOut(const std::vector<TensorToWrite>& tensors, std::map<std::string, std::string> metadata) {
    metadata["format"] = "pt";
    Json json;
    json["__metadata__"] = metadata;
    std::uint64_t position = 0;
    for (const auto& tensor : tensors) {
        if (json.contains(tensor.name)) return failure("tensor name '" + tensor.name + "' is given twice");
        QS_ASSIGN(const auto bytes, byteCount(tensor));
        json[tensor.name] = {{"dtype", dtypeName(tensor.dtype)},
                             {"shape", tensor.shape},
                             {"data_offsets", {position, position + bytes}}};
        position += bytes;
    }
    Layout layout;
    auto text = json.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    for (int i = 0; i < 8; ++i) layout.header.push_back(static_cast<char>(text.size() >> (8 * i) & 0xffU));
    layout.header += text;
    layout.total_bytes = layout.header.size() + position;
    return layout;
}

void sortForFile(std::vector<TensorToWrite>& tensors) {
    std::ranges::sort(tensors, [](const TensorToWrite& a, const TensorToWrite& b) {
        const auto bits_a = traits(a.dtype).block_bits;
        const auto bits_b = traits(b.dtype).block_bits;
        return bits_a != bits_b ? bits_a > bits_b : a.name < b.name;
    });
}

std::string shardName(std::size_t shard, std::size_t count) {
    std::array<char, 64> name{};
    std::snprintf(name.data(), name.size(), "model-%05zu-of-%05zu.safetensors", shard + 1, count);
    return name.data();
}

/// Filled in the order given, so that a block's tensors stay together.
Result<std::vector<std::vector<TensorToWrite>>> splitIntoShards(std::vector<TensorToWrite> tensors,
                                                                std::uint64_t shard_bytes) {
    std::vector<std::vector<TensorToWrite>> shards(1);
    std::uint64_t filled = 0;
    for (auto& tensor : tensors) {
        QS_ASSIGN(const auto bytes, byteCount(tensor));
        if (!shards.back().empty() && filled + bytes > shard_bytes) {
            shards.emplace_back();
            filled = 0;
        }
        filled += bytes;
        shards.back().push_back(std::move(tensor));
    }
    return shards;
}

}  // namespace

Status writeSafetensors(const fs::path& path, std::vector<TensorToWrite> tensors,
                        std::map<std::string, std::string> metadata, const JobContext& job) {
    try {
        sortForFile(tensors);
        QS_ASSIGN(const auto layout, layOut(tensors, std::move(metadata)));
        PartialFile file(path, layout.total_bytes);
        QS_TRY(file.write(std::as_bytes(std::span(layout.header.data(), layout.header.size()))));
        std::uint64_t written = layout.header.size();
        for (auto& tensor : tensors) {
            QS_TRY(job.checkStop());
            QS_ASSIGN(const auto bytes, tensor.data());
            QS_ASSIGN(const auto expected, byteCount(tensor));
            if (bytes.size() != expected)
                return failure("tensor '" + tensor.name + "' gave " + std::to_string(bytes.size()) +
                                   " bytes where its shape needs " + std::to_string(expected),
                               path.string());
            QS_TRY(file.write(bytes));
            written += bytes.size();
            job.report("Writing " + tensor.name,
                       static_cast<double>(written) / static_cast<double>(layout.total_bytes));
        }
        return file.commit();
    } catch (const std::exception& error) {
        return failure("'" + path.filename().string() + "' could not be written", path.string(), error.what());
    }
}

Status writeCheckpointTensors(const fs::path& folder, std::vector<TensorToWrite> tensors, std::uint64_t shard_bytes,
                              const JobContext& job) {
    QS_ASSIGN(auto shards, splitIntoShards(std::move(tensors), shard_bytes));
    if (shards.size() == 1) return writeSafetensors(folder / "model.safetensors", std::move(shards.front()), {}, job);
    nlohmann::json weight_map = nlohmann::json::object();
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        const auto name = shardName(i, shards.size());
        for (const auto& tensor : shards[i]) {
            if (weight_map.contains(tensor.name))
                return failure("tensor name '" + tensor.name + "' is given twice", folder.string());
            weight_map[tensor.name] = name;
            QS_ASSIGN(const auto bytes, byteCount(tensor));
            total += bytes;
        }
        const auto count = static_cast<double>(shards.size());
        const auto part = job.part(static_cast<double>(i) / count, static_cast<double>(i + 1) / count);
        QS_TRY(writeSafetensors(folder / name, std::move(shards[i]), {}, part));
    }
    const nlohmann::json index{{"metadata", {{"total_size", total}}}, {"weight_map", weight_map}};
    return writeTextAtomically(folder / "model.safetensors.index.json", index.dump(2) + "\n");
}

}  // namespace quantoscope
