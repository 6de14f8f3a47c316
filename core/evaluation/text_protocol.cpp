#include "core/evaluation/text_protocol.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "core/base/utf8.h"

namespace quantoscope {

namespace {
constexpr std::size_t kPieceBytes = std::size_t{4} << 20;

bool isStripped(char32_t c) {
    return isWhiteSpace(c) || (c >= 0x1C && c <= 0x1F);
}

/// Lines with their newlines.
std::vector<std::string_view> rowsOf(std::string_view file) {
    std::vector<std::string_view> rows;
    while (!file.empty()) {
        const std::size_t newline = file.find('\n');
        const std::size_t size = newline == std::string_view::npos ? file.size() : newline + 1;
        rows.push_back(file.substr(0, size));
        file.remove_prefix(size);
    }
    return rows;
}

Result<std::string> readBytes(const std::filesystem::path& path, std::uintmax_t size, const JobContext& job) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes;
    while (file && bytes.size() < size) {
        QS_TRY(job.checkStop());
        const std::size_t done = bytes.size();
        bytes.resize(std::min<std::size_t>(size, done + kPieceBytes));
        file.read(bytes.data() + done, static_cast<std::streamsize>(bytes.size() - done));
        bytes.resize(done + static_cast<std::size_t>(file.gcount()));
    }
    if (bytes.size() != size) return failure("'" + path.string() + "' could not be read to its end.", path.string());
    return bytes;
}
}  // namespace

Result<std::string> readTextForModel(const std::filesystem::path& path, const JobContext& job) {
    const std::string name = path.string();
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return failure("The text file '" + name + "' does not exist.", name);
    if (!std::filesystem::is_regular_file(path, error)) return failure("'" + name + "' is not a text file.", name);
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error) return failure("'" + name + "' cannot be read.", name, error.message());
    if (size == 0) return failure("The text file '" + name + "' is empty.", name);
    if (size > kLargestTextFileBytes) {
        return failure("The text file '" + name + "' has " + std::to_string(size) + " bytes; at most " +
                           std::to_string(kLargestTextFileBytes) + " are taken, cut it.",
                       name);
    }
    QS_ASSIGN(std::string text, readBytes(path, size, job));
    if (const auto bad = firstInvalidUtf8(text); bad.has_value()) {
        return failure(
            "'" + name + "' is not UTF-8 text (first bad byte at offset " + std::to_string(*bad) + "); convert it.",
            name);
    }
    return text;
}

std::string_view strippedRight(std::string_view text) {
    while (!text.empty()) {
        std::size_t last = text.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
        if (!isStripped(codePointAt(text, last))) break;
        text = text.substr(0, last);
    }
    return text;
}

std::string_view stripped(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size() && isStripped(codePointAt(text, begin))) begin += utf8Length(text[begin]);
    return strippedRight(text.substr(begin));
}

std::string wikitextRowsJoined(std::string_view file) {
    std::string joined;
    joined.reserve(file.size() + file.size() / 64);
    bool first = true;
    for (const std::string_view row : rowsOf(file)) {
        if (!first) joined += "\n\n";
        first = false;
        if (!stripped(row).empty()) joined += row;
    }
    return joined;
}

std::string strippedRowsJoined(std::string_view file, std::string_view joint) {
    std::string joined;
    joined.reserve(file.size());
    bool first = true;
    for (const std::string_view row : rowsOf(file)) {
        if (!first) joined += joint;
        first = false;
        joined += stripped(row);
    }
    return joined;
}

}  // namespace quantoscope
