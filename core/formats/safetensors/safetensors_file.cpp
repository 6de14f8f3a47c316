#include "core/formats/safetensors_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "core/formats/memory_map.h"
#include "core/formats/safetensors/header.h"
#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the reference library's own limit

class MappedSafetensors : public SafetensorsFile {
public:
    MappedSafetensors(std::shared_ptr<const MemoryMap> map, SafetensorsHeader header, std::uint64_t data_offset)
        : map_(std::move(map)),
          header_(std::move(header)),
          data_offset_(data_offset),
          by_name_(header_.entries.size()) {
        std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
        std::ranges::sort(by_name_, {},
                          [this](std::size_t i) -> const std::string& { return header_.entries[i].name; });
        const auto format = header_.metadata.find("format");
        if (format != header_.metadata.end() && format->second != "pt")
            warnings_.push_back(quotedName(map_->path()) + " was written for '" + excerpt(format->second) +
                                "', not for PyTorch");
    }

    const std::vector<Entry>& entries() const override { return header_.entries; }
    const Entry* find(std::string_view name) const override {
        const auto found = std::ranges::lower_bound(
            by_name_, name, {}, [this](std::size_t i) -> std::string_view { return header_.entries[i].name; });
        return found != by_name_.end() && header_.entries[*found].name == name ? &header_.entries[*found] : nullptr;
    }
    const std::map<std::string, std::string>& metadata() const override { return header_.metadata; }
    std::span<const std::byte> bytes(const Entry& entry) const override {
        return map_->bytes().subspan(static_cast<std::size_t>(data_offset_ + entry.begin),
                                     static_cast<std::size_t>(entry.end - entry.begin));
    }
    const std::vector<std::string>& warnings() const override { return warnings_; }
    const std::shared_ptr<const MemoryMap>& map() const override { return map_; }
    std::uint64_t dataOffset() const override { return data_offset_; }

private:
    std::shared_ptr<const MemoryMap> map_;
    SafetensorsHeader header_;
    std::uint64_t data_offset_;
    std::vector<std::size_t> by_name_;
    std::vector<std::string> warnings_;
};

/// What people take for a safetensors file, told from its first bytes.
std::string looksLike(std::string_view first) {
    if (first.starts_with("<"))
        return "it starts with '" + excerpt(first) + "', probably a web page saved by a failed download";
    if (first.starts_with("version ")) return "it is a Git LFS pointer: fetch the real file with 'git lfs pull'";
    if (first.starts_with("PK\x03\x04"))
        return "it is a zip archive, probably pickled PyTorch weights: convert them first";
    if (first.starts_with("GGUF")) return "it is a GGUF file: give it the ending .gguf";
    return {};
}

Result<std::uint64_t> headerLength(const MemoryMap& map) {
    const auto refused = [&](const std::string& problem) {
        return failure(quotedName(map.path()) + problem, map.path().string());
    };
    if (map.size() < 8)
        return refused(" is not a safetensors file: it has " + std::to_string(map.size()) +
                       " bytes, the length field alone needs 8");
    std::array<std::byte, 8> first{};
    QS_TRY(map.readAt(0, first));
    if (const auto kind = looksLike({reinterpret_cast<const char*>(first.data()), first.size()}); !kind.empty())
        return refused(" is not a safetensors file: " + kind);
    std::uint64_t length = 0;
    for (std::size_t i = 8; i-- > 0;) length = length << 8 | std::to_integer<std::uint64_t>(first[i]);
    const auto rest = map.size() - 8;
    if (length > kMaxHeaderBytes)
        return refused(": the header length " + std::to_string(length) +
                       " exceeds the limit of 100,000,000 bytes: not a safetensors file");
    if (length > rest)
        return refused(": the header length " + std::to_string(length) + " exceeds the file size, only " +
                       std::to_string(rest) + " bytes follow: incomplete download");
    return length;
}

}  // namespace

Result<std::shared_ptr<const SafetensorsFile>> SafetensorsFile::open(const std::filesystem::path& path) {
    QS_ASSIGN(auto map, MemoryMap::open(path));
    QS_ASSIGN(const auto length, headerLength(*map));
    std::string json(static_cast<std::size_t>(length), '\0');
    QS_TRY(map->readAt(8, std::as_writable_bytes(std::span(json.data(), json.size()))));
    QS_ASSIGN(auto header, parseSafetensorsHeader(json, map->size() - 8 - length, path));
    return std::make_shared<MappedSafetensors>(std::move(map), std::move(header), 8 + length);
}

}  // namespace quantoscope
