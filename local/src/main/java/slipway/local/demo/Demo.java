package slipway.local.demo;

import slipway.local.*;
import slipway.local.cloud.Pace;

final class Demo {
  public static void main(String[] args) throws Exception {
    long t = System.nanoTime();
    try (var s =
        LocalSlipway.start(
            LocalSlipway.Plan.fromSystemProperties(new Pace(10), p -> System.out.println(p)))) {
      System.out.println(
          "up " + (System.nanoTime() - t) / 1e9 + " " + s.service() + " logs " + s.stack().logs());
      s.stack().calls().all().forEach(System.out::println);
      Thread.sleep(600_000);
    }
  }
}
