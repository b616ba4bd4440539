package slipway.slo;

/** Scaffold; replaced before anything lands. */
public final class AuditFunction {}
