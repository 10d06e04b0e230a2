// Loops over the deques inside sync.Pool. They stand in package sync, as the pool does, to call them
// with nothing in between; the benchmarks that time them cannot stand here, for package testing
// itself imports sync.

package sync

import "runtime"

// A BenchDeque is a deque that the loops below can be run over.
type BenchDeque interface {
	// Pairs pushes and pops one value, count times.
	Pairs(value any, count int)
	// Head pushes count values, then pops them at the head.
	Head(value any, count int)
	// Tail pushes count values, then pops them at the tail.
	Tail(value any, count int)
	// Produce pushes count values, waiting for room.
	Produce(value any, count int)
	// Consume pops count values at the tail, waiting for them.
	Consume(count int)
}

// NewBenchDequeue returns a poolDequeue of the given capacity.
func NewBenchDequeue(capacity int) BenchDeque {
	return (*benchDequeue)(NewPoolDequeue(capacity).(*poolDequeue))
}

// NewBenchChain returns a poolChain.
func NewBenchChain() BenchDeque {
	return (*benchChain)(NewPoolChain().(*poolChain))
}

// patience waits a moment for the other side: on the core, unless that has not helped for long.
type patience int

func (p *patience) wait() {
	*p++
	if *p%(1<<14) == 0 {
		runtime.Gosched()
	}
}

func must(ok bool) {
	if !ok {
		panic("the deque lost a value")
	}
}

type benchDequeue poolDequeue

func (b *benchDequeue) Pairs(value any, count int) {
	d := (*poolDequeue)(b)
	for range count {
		must(d.pushHead(value))
		_, ok := d.popHead()
		must(ok)
	}
}

func (b *benchDequeue) push(value any, count int) {
	d := (*poolDequeue)(b)
	for range count {
		must(d.pushHead(value))
	}
}

func (b *benchDequeue) Head(value any, count int) {
	b.push(value, count)
	d := (*poolDequeue)(b)
	for range count {
		_, ok := d.popHead()
		must(ok)
	}
}

func (b *benchDequeue) Tail(value any, count int) {
	b.push(value, count)
	b.Consume(count)
}

func (b *benchDequeue) Produce(value any, count int) {
	d := (*poolDequeue)(b)
	var p patience
	for range count {
		for !d.pushHead(value) {
			p.wait()
		}
	}
}

func (b *benchDequeue) Consume(count int) {
	d := (*poolDequeue)(b)
	var p patience
	for range count {
		for {
			if _, ok := d.popTail(); ok {
				break
			}
			p.wait()
		}
	}
}

type benchChain poolChain

func (b *benchChain) Pairs(value any, count int) {
	c := (*poolChain)(b)
	for range count {
		c.pushHead(value)
		_, ok := c.popHead()
		must(ok)
	}
}

func (b *benchChain) Produce(value any, count int) {
	c := (*poolChain)(b)
	for range count {
		c.pushHead(value)
	}
}

func (b *benchChain) Head(value any, count int) {
	b.Produce(value, count)
	c := (*poolChain)(b)
	for range count {
		_, ok := c.popHead()
		must(ok)
	}
}

func (b *benchChain) Tail(value any, count int) {
	b.Produce(value, count)
	b.Consume(count)
}

func (b *benchChain) Consume(count int) {
	c := (*poolChain)(b)
	var p patience
	for range count {
		for {
			if _, ok := c.popTail(); ok {
				break
			}
			p.wait()
		}
	}
}
