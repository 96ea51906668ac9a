// Package store finds, reads and writes objects on disk or in S3 object storage under one contract, and is the only
// package that sees the AWS SDK. Addresses are s3://bucket/key; anything else is a path on disk.
//
// Through one Store an object in S3 is one thing: its ETag and size are pinned at the first look, every read asks for that
// version, and a change is a final error. What an object finally failed with is remembered, so a reader that asks
// again and again (GDAL does) gets the answer at once.
//
// All waiting and trying again happens in one place (do): deadlines per attempt, classified retries with jitter, a
// budget of retries that the whole Store shares, and a breaker that opens when the server itself is down.
package store
