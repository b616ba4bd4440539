package slipway.rollout;

/** Scaffold; replaced before anything lands. */
public final class RolloutFunction {}
