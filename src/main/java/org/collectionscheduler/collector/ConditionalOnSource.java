package org.collectionscheduler.collector;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Makes a family of collectors exist only when {@link Source#decide} names its source. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnSource.OnSource.class)
public @interface ConditionalOnSource {

    Source value();

    /** Compares the annotation with the decision; with a setting that is none of the allowed ones no family exists. */
    final class OnSource implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Source wanted =
                    metadata.getAnnotations().get(ConditionalOnSource.class).getEnum("value", Source.class);
            return Source.decide(context.getEnvironment())
                    .filter(wanted::equals)
                    .isPresent();
        }
    }
}
