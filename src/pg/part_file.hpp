// The temporary file of parts: a BufFile, under the server's temp_file_limit and temp_tablespaces.
#pragma once

#include "core/account_parts.hpp"
#include "pg/guard.hpp"

namespace health {

// Lies in a context, in which the file is opened when something is written. close() it before the context is reset;
// where the statement fails the resource owner does.
//
// A file of a set is one that other processes may read, by its name, once it is published.
class TemporaryFile final : public PartFile {
 public:
  // `set`: null for a file of this process alone.
  TemporaryFile(MemoryContext context, FileSet* set, int number) : context_(context), set_(set) {
    snprintf(name_, sizeof name_, "%d", number);
  }
  // Opens what another process has published.
  void open() {
    MemoryContext caller = MemoryContextSwitchTo(context_);
    file_ = BufFileOpenFileSet(set_, name_, O_RDONLY, false);
    MemoryContextSwitchTo(caller);
  }
  void publish() { BufFileExportFileSet(file_); }
  void write(Bytes bytes) override {
    Work work{this, false, end_, const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    attempt(&work);
    end_ += bytes.size();
  }
  void read(std::uint64_t offset, std::span<std::uint8_t> bytes) override {
    Work work{this, true, offset, bytes.data(), bytes.size()};
    attempt(&work);
  }
  void close() {
    if (file_ != nullptr) BufFileClose(file_);
    file_ = nullptr;
  }

 private:
  struct Work {
    TemporaryFile* file;
    bool reading;
    std::uint64_t offset;
    std::uint8_t* bytes;
    std::size_t size;
  };
  // The server's error is caught before it reaches a frame of the core.
  static void attempt(Work* work) {
    if (!done(work)) throw ServerError();
  }
  static bool done(Work* work) noexcept {
    MemoryContext caller = CurrentMemoryContext;
    volatile bool done = false;
    PG_TRY();
    {
      run(*work);
      done = true;
    }
    PG_CATCH();
    { MemoryContextSwitchTo(caller); }
    PG_END_TRY();
    return done;
  }
  static void run(const Work& work) {
    TemporaryFile* self = work.file;
    BufFile*& file = self->file_;
    if (file == nullptr) {
      MemoryContext caller = MemoryContextSwitchTo(self->context_);
      if (self->set_ == nullptr) PrepareTempTablespaces();
      file = self->set_ == nullptr ? BufFileCreateTemp(false) : BufFileCreateFileSet(self->set_, self->name_);
      MemoryContextSwitchTo(caller);
    }
    if (self->at_ != work.offset && BufFileSeek(file, 0, static_cast<off_t>(work.offset), SEEK_SET) != 0)
      ereport(ERROR, (errcode_for_file_access(), errmsg("could not seek in a temporary file: %m")));
    if (!work.reading) {
      BufFileWrite(file, work.bytes, work.size);
    } else if (BufFileRead(file, work.bytes, work.size) != work.size) {
      ereport(ERROR, (errcode_for_file_access(), errmsg("could not read from a temporary file: %m")));
    }
    self->at_ = work.offset + work.size;
  }

  MemoryContext context_;
  FileSet* set_;
  char name_[16];
  BufFile* file_ = nullptr;
  std::uint64_t end_ = 0, at_ = 0;  // of the file; where it stands
};

}  // namespace health
