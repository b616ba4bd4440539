package slipway.github;

/** Scaffold; replaced before anything lands. */
public final class WebhookFunction {}
