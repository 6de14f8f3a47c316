// How core reports that something did not work: a value, never an exception across a function of ours.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace quantoscope {

enum class ErrorKind {
    failed,     ///< exit status 1
    usage,      ///< the caller asked for something that cannot be (exit status 2)
    cancelled,  ///< the user stopped it: an outcome of its own, never shown as an error (exit status 3)
};

struct Error {
    std::string message;  ///< one sentence for the user: what is wrong, where, what to do
    std::string cause;    ///< for the log: codes, shapes, the library's own words
    std::string path;     ///< the file or folder concerned, empty when none
    ErrorKind kind = ErrorKind::failed;
};

template <typename Value>
using Result = std::expected<Value, Error>;
using Status = std::expected<void, Error>;

inline std::unexpected<Error> failure(std::string message, std::string path = {}, std::string cause = {}) {
    return std::unexpected(Error{std::move(message), std::move(cause), std::move(path), ErrorKind::failed});
}
inline std::unexpected<Error> usageError(std::string message, std::string cause = {}) {
    return std::unexpected(Error{std::move(message), std::move(cause), {}, ErrorKind::usage});
}
inline std::unexpected<Error> cancelled() {
    return std::unexpected(Error{"cancelled", {}, {}, ErrorKind::cancelled});
}

}  // namespace quantoscope

// The two shapes every caller needs; a macro because GCC 12's std::expected has no and_then.
#define QUANTOSCOPE_CONCAT_INNER(a, b) a##b
#define QUANTOSCOPE_CONCAT(a, b) QUANTOSCOPE_CONCAT_INNER(a, b)
/// Returns the error of a Status or Result to the caller, else goes on.
#define QS_TRY(expression)                                         \
    do {                                                           \
        if (auto qs_status = (expression); !qs_status.has_value()) \
            return std::unexpected(std::move(qs_status).error());  \
    } while (false)
/// QS_ASSIGN(auto value, call()): declares or sets `value`, or returns call()'s error.
#define QS_ASSIGN(target, expression)                                                        \
    auto QUANTOSCOPE_CONCAT(qs_result_, __LINE__) = (expression);                            \
    if (!QUANTOSCOPE_CONCAT(qs_result_, __LINE__).has_value())                               \
        return std::unexpected(std::move(QUANTOSCOPE_CONCAT(qs_result_, __LINE__)).error()); \
    target = std::move(*QUANTOSCOPE_CONCAT(qs_result_, __LINE__))
