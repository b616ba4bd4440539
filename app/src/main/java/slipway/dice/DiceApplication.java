package slipway.dice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication(proxyBeanMethods = false)
class DiceApplication {
  static void main(String[] args) {
    SpringApplication.run(DiceApplication.class, args);
  }
}
