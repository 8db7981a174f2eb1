// Rows of a sequential scan of a heap table, a page at a time: what the executor does once a row is done once a page.
// Visibility, hint bits, locks, parallel and synchronized scans, read streams and interrupts are the server's, whose
// own step to the next page is taken.
#pragma once

#include "pg/pg.hpp"

namespace health {

inline constexpr int kMostColumns = 12;

struct HeapPages {
  SeqScanState* scan;
  int columns;
  AttrNumber attributes[kMostColumns], last;  // what the columns are, and the last of these
  // Comparisons of integers, dates and times with a value that is the same for all rows, in place of the scan's
  // condition; null where that is of another kind.
  struct Bound* bounds;
  int bound_count;
  bool begun;  // a page was read
};
struct HeapRow {
  Datum values[kMostColumns];
  bool nulls[kMostColumns];
};

// Whether a plan is one that can be read so: a sequential scan of a heap table, whose columns are those of the table,
// and kMostColumns at most. `context` holds what is needed until the last page.
bool open_pages(HeapPages* pages, PlanState* plan, int columns, MemoryContext context);
// Sets `rows`, with room for MaxHeapTuplesPerPage, to those of the next page that fulfil the scan's condition; false
// after the last page. They point into the page until the next call.
bool next_page(HeapPages* pages, HeapRow* rows, int* count);

}  // namespace health
