package slipway.rollout;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The calls of one actor: each takes time, may fail, may get lost on its way back, and may be the
 * last thing that the actor's function does.
 */
final class Calls {
  private final Scene scene;
  private final String who;
  private final Actor actor;
  private final Invocation invocation;
  private final Watch watch;
  private final Broken broken;

  Calls(Scene scene, String who, Actor actor, Invocation invocation, Watch watch, Broken broken) {
    this.scene = scene;
    this.who = who;
    this.actor = actor;
    this.invocation = invocation;
    this.watch = watch;
    this.broken = broken;
  }

  /** What is there, as it is reached by calls of AWS. */
  <T> T aws(Class<T> port, T there) {
    return reached(port, there, true);
  }

  /** What is there, as it is reached by calls that come again by themselves until they are done. */
  <T> T gitHub(Class<T> port, T there) {
    return reached(port, there, false);
  }

  private <T> T reached(Class<T> port, T there, boolean fails) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> call(there, method, arguments, fails)));
  }

  private Object call(Object there, Method method, Object[] arguments, boolean fails)
      throws IllegalAccessException {
    travel();
    if (fails && scene.fault(25)) {
      interrupt(Happening.CALL_THROTTLED, method, "is throttled");
      throw new CallFailed("ThrottlingException: Rate exceeded");
    }
    if (scene.fault(8)) {
      interrupt(Happening.KILLED_BEFORE_CALL, method, "is not called any more: killed");
      throw invocation.kill();
    }
    var answer = answer(there, method, arguments);
    told(method, arguments, answer);
    if (scene.fault(8)) {
      interrupt(Happening.KILLED_AFTER_CALL, method, "was the last call: killed");
      throw invocation.kill();
    }
    if (fails && scene.fault(8)) {
      interrupt(Happening.ANSWER_LOST, method, "was done, and answers 503");
      throw new CallFailed("503 Service Unavailable");
    }
    return broken.seen(answer);
  }

  private void travel() {
    actor.pause(scene.chance().between(Duration.ofMillis(5), Duration.ofMillis(250)));
    if (invocation.killed()) throw new Killed();
  }

  private Object answer(Object there, Method method, Object[] arguments)
      throws IllegalAccessException {
    watch.before(method.getName(), arguments);
    try {
      return method.invoke(there, arguments);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof RuntimeException cause)) throw new AssertionError(e);
      told(method, arguments, cause.getMessage());
      throw cause;
    }
  }

  private void interrupt(Happening how, Method method, String what) {
    scene.interrupt(how, who, () -> method.getName() + " " + what);
  }

  private void told(Method method, Object[] arguments, Object answer) {
    scene.tell(
        Happening.CALL,
        who,
        () ->
            Arrays.stream(arguments)
                    .map(Words::of)
                    .collect(Collectors.joining(", ", method.getName() + "(", ") = "))
                + Words.of(answer));
  }
}
