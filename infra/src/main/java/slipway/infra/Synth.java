package slipway.infra;

/** Scaffold. */
public final class Synth {
  private Synth() {}

  /** Synthesizes. */
  public static void main(String[] args) {}
}
