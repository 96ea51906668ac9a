// Package isolate keeps a program alive through faults in native code: a decoder that crashes, hangs or allocates
// without bound costs the one operation that it was asked for, not the run.
//
// [Supervise] runs the program a second time, as a child, and watches it. The child does the work; before each native
// operation it notes on a board, memory that both processes share, what it is about to do ([Child.Enter]), and clears
// the note afterwards ([Child.Leave]). When the child dies, what stands on the board is what it died of. The parent starts
// it again with that operation banned: Enter then returns a [*BannedError], and the child goes on with what is left of
// its work. That the child can go on is its own business: a run keeps a journal of finished tiles.
//
// Several operations are in work when one of them kills the process. All of them become suspects, and the next child runs
// each suspect alone: ordinary operations share a lock that a suspect takes for itself. A suspect that kills its process
// again is found; one that survives is cleared.
//
// The package needs Linux: the board is an anonymous file in memory, and the kernel ends the child with its parent.
package isolate
