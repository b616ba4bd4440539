package slipway.slo;

import java.util.Optional;

/** An SLO as it exists, with who owns it; without owner it is somebody else's. */
record Existing(String arn, Optional<Ownership> owner, Objective objective) {}
