// Private to the HDF5 door: handles that close themselves, the library's own words, the one lock.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

#include "core/run_store/hdf5_file.h"

namespace quantoscope::hdf5 {

/// Debian's serial HDF5 is not thread-safe: every call in the process is made under this lock. Taking it also switches
/// off the printing of errors on this thread.
class Session {
public:
    Session();

private:
    std::lock_guard<std::mutex> guard_;
};

/// What HDF5 says about the last failed call, outermost first; clears it.
std::string stackText();

class Handle {
public:
    using Close = herr_t (*)(hid_t);
    Handle(hid_t id, Close close) : id_(id), close_(close) {}
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
    Handle& operator=(Handle&&) = delete;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (id_ >= 0) close_(id_);
    }
    hid_t get() const { return id_; }
    bool valid() const { return id_ >= 0; }

private:
    hid_t id_;
    Close close_;
};

/// The type in the file and in memory (the machine is little-endian, so they are the same): no conversion happens in
/// HDF5.
Handle storedType(Hdf5Type type);
/// Bytes of one number.
std::size_t typeBytes(Hdf5Type type);

}  // namespace quantoscope::hdf5
