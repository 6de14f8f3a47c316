// Questions about pictures in the tab-separated files of VLMEvalKit: a header row that names the columns, a row per
// question, pictures in base64. They are read, not yet asked: no benchmark runs them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

enum class PictureFormat { png, jpeg };

struct Picture {
    PictureFormat format = PictureFormat::png;  ///< by its first bytes
    std::vector<std::byte> bytes;               ///< the file's, not decoded
};

struct PictureOption {
    char letter = 'A';
    std::string text;
};

struct PictureQuestion {
    std::string index;  ///< as the file has it; no two are alike
    std::string hint;   ///< may be empty
    std::string question;
    std::vector<PictureOption> options;  ///< none: answered in words; those that pandas takes for missing are left out
    std::vector<std::string> answers;    ///< any of them is right; with options: the letter of one
    std::string category;                ///< may be empty
    std::size_t picture = 0;             ///< position in PictureSet::pictures
};

struct PictureSet {
    std::vector<PictureQuestion> questions;  ///< in file order
    std::vector<Picture> pictures;           ///< one may belong to several questions
    std::string sha256;                      ///< of the file
};

/// Columns by name: index, image, question, answer; hint, category and options A to Z where there are any. An image of
/// at most 64 characters is the index of the row that has the picture. An answer that is a list of quoted texts as
/// Python writes it gives several. The file is untrusted: columns, cells, letters, references, base64, the picture's
/// kind and its size (32 MiB) are checked; an error names file and line.
Result<PictureSet> loadPictureQuestions(const std::filesystem::path& file, const JobContext& job);

/// Does the file begin like one of these: a first line of tab-separated names with index, image and question? Reads
/// some hundred bytes; false for what cannot be read.
bool isPictureQuestions(const std::filesystem::path& file);

}  // namespace quantoscope
