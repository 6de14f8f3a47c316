#include "core/formats/tokenizer/text_files.h"

#include <fstream>

namespace quantoscope {

Result<std::string> readWholeFile(const std::filesystem::path& path, std::uintmax_t limit_bytes) {
    const std::string name = path.string();
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error)
        return failure("'" + name + "' cannot be read; check that it is a file and may be read.", name,
                       error.message());
    if (size > limit_bytes) {
        return failure("'" + name + "' has " + std::to_string(size) + " bytes, more than the " +
                           std::to_string(limit_bytes) + " expected of such a file.",
                       name);
    }
    std::string bytes(size, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file || file.gcount() != static_cast<std::streamsize>(size))
        return failure("'" + name + "' could not be read to its end.", name);
    return bytes;
}

Result<nlohmann::json> readJsonObject(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return nlohmann::json::object();
    QS_ASSIGN(const std::string text, readWholeFile(path, kLargestSmallFileBytes));
    auto document = nlohmann::json::parse(text, nullptr, false);
    if (!document.is_object()) return failure("'" + path.string() + "' is not a JSON object.", path.string());
    return document;
}

}  // namespace quantoscope
