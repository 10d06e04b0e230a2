// Benchmarks of the deques inside sync.Pool, the rows and sizes of the Rust benchmarks beside.
//
// `cargo xtask bench` runs them as extra test files of package sync, without touching the Go
// installation, and reads the "ns/value" of each.

package sync_test

import (
	"runtime"
	"sync"
	"testing"
)

const (
	thousand = 1000
	capacity = 1024
)

// value is boxed once, so that the loops allocate nothing.
var value any = new(uint64)

// report divides the time by the number of values that went through, 1000 for each of b.N.
func report(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/thousand, "ns/value")
}

func dequeue() sync.BenchDeque { return sync.NewBenchDequeue(capacity) }

// repeated times a loop over one deque that has been through it before.
func repeated(b *testing.B, deque sync.BenchDeque, loop func(sync.BenchDeque, any, int)) {
	loop(deque, value, thousand)
	loop(deque, value, thousand)
	for b.Loop() {
		loop(deque, value, thousand)
	}
	report(b)
}

// twoThreads times one producer and one consumer.
func twoThreads(b *testing.B, deque sync.BenchDeque) {
	count := b.N * thousand
	start, done := make(chan bool), make(chan bool)
	go func() {
		runtime.LockOSThread()
		start <- true
		deque.Consume(count)
		done <- true
	}()
	runtime.LockOSThread()
	<-start
	b.ResetTimer()
	deque.Produce(value, count)
	<-done
	b.StopTimer()
	report(b)
}

func BenchmarkPair(b *testing.B) {
	b.Run("dequeue", func(b *testing.B) { repeated(b, dequeue(), sync.BenchDeque.Pairs) })
	b.Run("chain", func(b *testing.B) { repeated(b, sync.NewBenchChain(), sync.BenchDeque.Pairs) })
}

func BenchmarkHead(b *testing.B) {
	b.Run("dequeue", func(b *testing.B) { repeated(b, dequeue(), sync.BenchDeque.Head) })
	b.Run("chain", func(b *testing.B) { repeated(b, sync.NewBenchChain(), sync.BenchDeque.Head) })
}

func BenchmarkTail(b *testing.B) {
	b.Run("dequeue", func(b *testing.B) { repeated(b, dequeue(), sync.BenchDeque.Tail) })
	b.Run("chain", func(b *testing.B) { repeated(b, sync.NewBenchChain(), sync.BenchDeque.Tail) })
}

func BenchmarkFresh(b *testing.B) {
	b.Run("chain", func(b *testing.B) {
		for b.Loop() {
			sync.NewBenchChain().Head(value, thousand)
		}
		report(b)
	})
}

func BenchmarkTwoThreads(b *testing.B) {
	b.Run("dequeue", func(b *testing.B) { twoThreads(b, dequeue()) })
	b.Run("chain", func(b *testing.B) { twoThreads(b, sync.NewBenchChain()) })
}
