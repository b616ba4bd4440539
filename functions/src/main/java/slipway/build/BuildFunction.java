package slipway.build;

/** Scaffold; replaced before anything lands. */
public final class BuildFunction {}
