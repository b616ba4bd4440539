package slipway.dice;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers the load balancer and the container's health check: {@code GET /healthcheck}. It looks at
 * nothing outside this process: a database that is down is no reason to replace every task at once.
 */
@RestController
class HealthController {
  /**
   * With SERVICE_UNAVAILABLE here, a push shows how a rollout that never gets healthy is undone.
   */
  static final HttpStatus HEALTH = HttpStatus.OK;

  @GetMapping("/healthcheck")
  ResponseEntity<Health> health() {
    return ResponseEntity.status(HEALTH)
        .body(new Health(HEALTH.is2xxSuccessful() ? "UP" : "DOWN", Version.VERSION));
  }

  record Health(String status, String version) {}
}
