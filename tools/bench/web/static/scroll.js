// SPDX-License-Identifier: MIT
// Keeps what grows at its end, unless somebody reads further up.

const NEAR = 40; // px from the end that still count as the end

export class Following {
  constructor(element) {
    this.element = element;
    this.atEnd = true;
    this.size = "";
    element.addEventListener("scroll", () => this.look());
    new ResizeObserver(() => { this.size = this.measure(); this.keep(); }).observe(element);
  }

  measure() { return `${this.element.clientWidth} ${this.element.clientHeight}`; }

  // Sees where the reader is. Another size moves the end, too: only in a box that stays as it is has
  // somebody scrolled. Of that the event tells a frame later.
  look() {
    const { element } = this;
    if (this.size === this.measure()) this.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
  }

  // Goes to the end, if that is where the reader is.
  keep() { if (this.atEnd) this.element.scrollTop = this.element.scrollHeight; }

  toEnd() { this.atEnd = true; this.keep(); }
}
