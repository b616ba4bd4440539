package slipway.local.stack;

import java.time.Duration;
import java.util.Optional;

/**
 * A resource that was made or could not be.
 *
 * @param failure why not; empty: it is made
 */
public record Progress(String logicalId, String type, Duration took, Optional<String> failure) {}
