#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_TYPE_DATA = 3,
    /// A request that opens a stream on which its client sends nothing more.
    FRAME_FLAG_REMOTE_CLOSED = 1,
    /// Room for the frame of a reported run.
    REPORT_FRAME_BYTES_MAX = 4096,
    /// The field of `telltale.v1.WatchResponse` that an event is: its first byte.
    WATCH_EVENT_TAG = 0x12,
};

/// Writes the frame of `telltale.v1.StatusService/Watch` of one project, with stream id 0, and returns its size. The buffer
/// holds REQUEST_FRAME_BYTES_MAX.
size_t frame_of_watch(uint8_t *buffer, const char *project);

/// Writes the frame of `telltale.v1.IngestService/ReportRun` of a failed run of a project, with stream id 0, and returns
/// its size. What it says makes an event of about 1.2 KB. The buffer holds REPORT_FRAME_BYTES_MAX.
size_t frame_of_report(uint8_t *buffer, const char *project);

/// Has the process open as many files as it may.
void raise_file_limit(void);
