package slipway.local.demo;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import slipway.local.stack.Progress;

/** Tells on the line of the running step what of the stack is made. */
final class DeployProgress implements Consumer<Progress> {
  private final Terminal.Step step;
  private final AtomicInteger made = new AtomicInteger();

  DeployProgress(Terminal.Step step) {
    this.step = step;
  }

  @Override
  public void accept(Progress progress) {
    step.now(made.incrementAndGet() + " resources, now " + progress.type());
  }
}
