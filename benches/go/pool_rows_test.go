// Benchmarks of sync.Pool, the rows and sizes of the Rust benchmarks beside.
//
// `cargo xtask bench pool` runs them as an extra test file of package sync, and reads the "ns/value" of
// each.

package sync_test

import (
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	poolTurn     = 10000
	poolHundred  = 100
	poolIdle     = 100000
	poolUnderWay = 256
)

// constant is boxed once, so that to put it in allocates nothing.
var constant any = new(uint64)

// sink keeps what was allocated from being optimised out.
var sink [2][]byte

func bufferPool() *sync.Pool {
	return &sync.Pool{New: func() any {
		buffer := make([]byte, 0, 1024)
		return &buffer
	}}
}

func touch(buffer *[]byte) {
	*buffer = append((*buffer)[:0], 1)
}

// perValue divides the time by the number of values that each of b.N had.
func perValue(b *testing.B, values int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(values), "ns/value")
}

func lendPairs(p *sync.Pool, count int) {
	for range count {
		buffer := p.Get().(*[]byte)
		touch(buffer)
		p.Put(buffer)
	}
}

func lendHundreds(p *sync.Pool, count int) {
	var held [poolHundred]*[]byte
	for range count / poolHundred {
		for i := range held {
			held[i] = p.Get().(*[]byte)
			touch(held[i])
		}
		for _, buffer := range held {
			p.Put(buffer)
		}
	}
}

// store puts so many constants in, then takes so many out.
func store(puts, takes int) func(*sync.Pool, int) {
	return func(p *sync.Pool, count int) {
		for range count / takes {
			for range puts {
				p.Put(constant)
			}
			for range takes {
				p.Get()
			}
		}
	}
}

// alone times one thread's work.
func alone(b *testing.B, p *sync.Pool, work func(*sync.Pool, int)) {
	work(p, poolTurn)
	for b.Loop() {
		work(p, poolTurn)
	}
	perValue(b, poolTurn)
}

// together runs two sides at once, each on a thread of its own, and times them from their start on.
func together(b *testing.B, sides ...func(start func())) {
	var ready, over sync.WaitGroup
	var begin atomic.Bool
	ready.Add(len(sides))
	for _, side := range sides {
		over.Go(func() {
			runtime.LockOSThread()
			side(func() {
				ready.Done()
				for !begin.Load() {
				}
			})
		})
	}
	ready.Wait()
	b.ResetTimer()
	begin.Store(true)
	over.Wait()
	b.StopTimer()
}

// both times two threads that do the same.
func both(b *testing.B, p *sync.Pool, work func(*sync.Pool, int)) {
	side := func(start func()) {
		work(p, poolTurn)
		start()
		work(p, b.N*poolTurn)
	}
	together(b, side, side)
	perValue(b, 2*poolTurn)
}

func BenchmarkLending(b *testing.B) {
	b.Run("A", func(b *testing.B) { alone(b, bufferPool(), lendPairs) })
	b.Run("B", func(b *testing.B) { both(b, bufferPool(), lendPairs) })
	b.Run("C", func(b *testing.B) { alone(b, bufferPool(), lendHundreds) })
	b.Run("C2", func(b *testing.B) { both(b, bufferPool(), lendHundreds) })
}

func BenchmarkStoring(b *testing.B) {
	b.Run("D1", func(b *testing.B) { alone(b, new(sync.Pool), store(67, poolHundred)) })
	b.Run("D2", func(b *testing.B) { both(b, new(sync.Pool), store(67, poolHundred)) })
	b.Run("PutTake", func(b *testing.B) { both(b, new(sync.Pool), store(1, 1)) })
	b.Run("Overflow", func(b *testing.B) { both(b, new(sync.Pool), store(poolHundred, poolHundred)) })
}

// A ring carries buffers from one goroutine to one other. Each side remembers how far the other was.
type ring struct {
	places [poolUnderWay]*[]byte
	_      [64]byte
	pushed atomic.Uint64
	_      [64]byte
	popped atomic.Uint64
	_      [64]byte
}

// waiting waits a moment for the other side: on the core, unless that has not helped for long.
type waiting int

func (w *waiting) more() {
	*w++
	if *w%(1<<14) == 0 {
		runtime.Gosched()
	}
}

func (r *ring) push(count int, next func() *[]byte) {
	var seen uint64
	var w waiting
	for i := range uint64(count) {
		buffer := next()
		for i-seen == poolUnderWay {
			if seen = r.popped.Load(); i-seen == poolUnderWay {
				w.more()
			}
		}
		r.places[i%poolUnderWay] = buffer
		r.pushed.Store(i + 1)
	}
}

func (r *ring) pop(count int, visit func(*[]byte)) {
	var seen uint64
	var w waiting
	for i := range uint64(count) {
		for i == seen {
			if seen = r.pushed.Load(); i == seen {
				w.more()
			}
		}
		buffer := r.places[i%poolUnderWay]
		r.popped.Store(i + 1)
		visit(buffer)
	}
}

func BenchmarkAcross(b *testing.B) {
	p, r := bufferPool(), new(ring)
	get := func(start func()) {
		start()
		r.push(b.N*poolTurn, func() *[]byte {
			buffer := p.Get().(*[]byte)
			touch(buffer)
			return buffer
		})
	}
	giveBack := func(start func()) {
		start()
		r.pop(b.N*poolTurn, func(buffer *[]byte) {
			touch(buffer)
			p.Put(buffer)
		})
	}
	together(b, get, giveBack)
	perValue(b, poolTurn)
}

// What is expensive to make is made before the clock starts, and again only where the collector, which
// here runs for every 8 MiB allocated, has let go of it.
var (
	expensivePool = sync.Pool{New: func() any {
		time.Sleep(time.Millisecond)
		return constant
	}}
	ballast []byte
)

func BenchmarkExpensive(b *testing.B) {
	const each = 300
	ballast = make([]byte, 8<<20)
	defer func() { ballast = nil }()
	for range 2 * poolHundred {
		expensivePool.Put(constant)
	}
	user := func(number int) func(func()) {
		return func(start func()) {
			var held [poolHundred]any
			start()
			for range b.N * each / poolHundred {
				for i := range held {
					held[i] = expensivePool.Get()
					sink[number] = make([]byte, 32<<10)
				}
				for i, value := range held {
					expensivePool.Put(value)
					held[i] = nil
				}
			}
		}
	}
	together(b, user(0), user(1))
	perValue(b, 2*each)
}

func BenchmarkMiss(b *testing.B) {
	const misses = 100
	for _, processors := range []int{1, 64, 1000} {
		b.Run(strconv.Itoa(processors), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			var p sync.Pool
			for b.Loop() {
				for range misses {
					if p.Get() != nil {
						b.Fatal("the pool is empty")
					}
				}
			}
			perValue(b, misses)
		})
	}
}

// BenchmarkAgeing tells for how long the collector stops the world while 100,000 values lie idle.
func BenchmarkAgeing(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var p sync.Pool
	var memory runtime.MemStats
	var pauses []uint64
	for b.Loop() {
		for range poolIdle {
			p.Put(constant)
		}
		runtime.GC()
		runtime.ReadMemStats(&memory)
		pauses = append(pauses, memory.PauseNs[(memory.NumGC+255)%256])
	}
	slices.Sort(pauses)
	b.ReportMetric(float64(pauses[len(pauses)/2]), "ns/value")
}
