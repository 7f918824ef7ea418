package org.collectionscheduler.kubernetes;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an API server answers to requests that it lets in. */
final class FakeAnswers {

    private static final Set<Misbehaviour.Type> JSON_ONLY =
            Set.of(Misbehaviour.Type.GIANT, Misbehaviour.Type.DEEP, Misbehaviour.Type.REMAINING);

    private final FakeCluster cluster;
    private final FakeObjects objects;
    private final FakeVersions versions = new FakeVersions();
    private final FakeLists lists;
    private final FakeDiscovery discovery;
    private final FakeOrders<String> expiries = new FakeOrders<>();

    FakeAnswers(FakeCluster cluster) {
        this.cluster = cluster;
        this.objects = new FakeObjects(cluster);
        this.lists = new FakeLists(objects, versions);
        this.discovery = new FakeDiscovery(cluster);
    }

    FakeVersions versions() {
        return versions;
    }

    /** Lets the next tokens that come to the path be expired. */
    void expireTokens(String path, int times) {
        expiries.put(path, "expired", times);
    }

    /** @param odd how a page is to be wrong; null for a good one */
    FakeAnswer answer(FakeHttpExchange.Head head, @Nullable Misbehaviour odd) {
        if (!head.method().equals("GET")) {
            return FakeAnswer.status(
                    405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        }
        FakeRoute route = FakeRoute.of(head.path(), cluster);
        if (route == null) {
            FakeAnswer answer = discovery.answer(head.path());
            return answer == null ? FakeAnswer.unknownPath() : answer;
        }
        try {
            return route.name() == null ? list(route, head, odd) : object(route, route.name(), head);
        } catch (FakeRefusal e) {
            return e.answer();
        }
    }

    private FakeAnswer list(FakeRoute route, FakeHttpExchange.Head head, @Nullable Misbehaviour odd)
            throws FakeRefusal {
        FakeMedia media = FakeMedia.negotiate(head.headers().get("accept"), serving(odd));
        if (media.shape() == FakeMedia.Shape.PARTIAL_OBJECT) {
            throw FakeRefusal.notAcceptable("you requested PartialObjectMetadata, but the requested object is a list");
        }
        FakePageWriter writer = writer(media, head, odd);
        FakePage page = page(route, head, odd);
        return media.shape() == FakeMedia.Shape.PROTOBUF_LIST
                ? FakeAnswer.protobuf(out -> new FakeProtobuf(objects).write(page, out))
                : FakeAnswer.json(out -> writer.write(page, out));
    }

    /** What is wrong with the text of JSON comes from a server that has nothing else. */
    private FakeCluster serving(@Nullable Misbehaviour odd) {
        return odd != null && JSON_ONLY.contains(odd.type()) ? cluster.withoutProtobuf() : cluster;
    }

    private FakePage page(FakeRoute route, FakeHttpExchange.Head head, @Nullable Misbehaviour odd) throws FakeRefusal {
        FakeListOptions options = FakeListOptions.parse(route.kind(), head.query());
        FakeToken token = options.token();
        FakePage endless = odd == null ? null : lists.endless(route.kind(), odd, options.limit());
        if (endless != null) {
            return endless;
        }
        if (token != null && expiries.next(head.path()) != null) {
            throw FakeRefusal.tokenExpired(token.newest().encode());
        }
        FakePage page = lists.page(route.kind(), route.namespace(), options);
        return odd != null && odd.type() == Misbehaviour.Type.REMAINING ? page.withRemaining(odd.body()) : page;
    }

    private FakeAnswer object(FakeRoute route, String name, FakeHttpExchange.Head head) throws FakeRefusal {
        FakeMedia media = FakeMedia.negotiate(head.headers().get("accept"), cluster);
        if (media.shape() == FakeMedia.Shape.PARTIAL_LIST || media.shape() == FakeMedia.Shape.PROTOBUF_LIST) {
            throw FakeRefusal.notAcceptable(
                    "you requested PartialObjectMetadataList, but the requested object is not a list");
        }
        FakeObject object = objects.find(route.kind(), route.namespace(), name, versions.next());
        if (object == null) {
            throw FakeRefusal.notFound(route.kind(), name);
        }
        FakePageWriter writer = writer(media, head, null);
        return FakeAnswer.json(out -> writer.write(object, out));
    }

    private FakePageWriter writer(FakeMedia media, FakeHttpExchange.Head head, @Nullable Misbehaviour odd)
            throws FakeRefusal {
        return new FakePageWriter(
                objects,
                media,
                FakePageWriter.RowObject.parse(head.query().getOrDefault("includeObject", "")),
                FakeOddItem.of(odd));
    }
}
