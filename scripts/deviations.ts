/**
 * Where our declarations say something else than Miro's document, and why.
 *
 * The conformance check fails on every difference that is not named here, and
 * on every entry here that no difference needs any more.
 */

export interface Deviation {
  /** Miro's names of the operations that it is about: all of them unless given. */
  readonly operations?: ReadonlyArray<string>
  /** The place of the difference, such as `body.data.title` or `response.data[].style`. */
  readonly at: string | RegExp
  /** What the document says there, where it matters. */
  readonly document?: string | RegExp
  /** What we say instead, likewise. */
  readonly ours?: string | RegExp
  readonly reason: string
  /** Where the reason is documented. */
  readonly source?: string
}

/** Operations that are no declaration of ours. */
export const undeclared: Readonly<Record<string, string>> = {
  "revoke-token":
    "Left out: it puts the access token into the URL, and Miro turned it off in February 2025. MiroOAuth.revoke takes its place.",
  "revoke-token-v2":
    "MiroOAuth.revoke: it is made with the secret of the app and not with a token, and forgets the stored tokens too."
}

const absent = "not there"
const optional = "optional"
const required = "required"
const undeclaredField = "not declared"
const noLimit = "no limit"

const boardOperations = ["get-boards", "create-board", "copy-board", "get-specific-board", "update-board"]

const textOperations = ["create-text-item", "get-text-item", "update-text-item"]

/** The lists whose pages need not have items, as far as the document says. */
const pagesWithoutItems = [
  "enterprise-get-ai-interaction-logs",
  "enterprise-get-audit-logs",
  "get-all-cases",
  "get-all-legal-holds",
  "get-legal-hold-export-jobs",
  "get-legal-hold-content-items",
  "enterprise-board-export-jobs",
  "enterprise-board-export-job-tasks",
  "enterprise-board-content-item-logs-fetch",
  "enterprise-get-organization-members",
  "get-boards",
  "get-connectors",
  "get-items",
  "get-board-members",
  "get-items-within-frame",
  "get-mindmap-nodes-experimental",
  "get-items-experimental",
  "get-code-widget-items",
  "get-all-groups",
  "get-tags-from-board",
  "get-items-by-tag"
]

export const deviations: ReadonlyArray<Deviation> = [
  // Numbers and strings

  {
    at: /^query\.(?:limit|offset)$/,
    document: "a string",
    ours: "a number",
    reason: "A number in all but its type, as the document's own words say. In a query both are written alike."
  },
  {
    at: /(?:^|\.)picture\.id$|^response\.successful\[\]$|^query\.creatorId\[\]$/,
    document: "a number of format int64",
    ours: "a string",
    reason: "An id beyond 2^53 loses digits as a number, and Miro sends ids of pictures as strings.",
    source: "https://github.com/miroapp/api-clients/issues/452"
  },
  {
    at: /\.(?:total|success|error|sizeInBytes|numberUpdatedBoards)$/,
    document: "an integer of 64 bits",
    ours: "a number",
    reason: "A count or a size, which stays far below 2^53."
  },

  // Limits

  {
    at: /^query\.(?:count|emails)$|^body\.scope\.users$|^body\.(?:displayName|urn:.*:User\.(?:\w+|manager\.displayName))$/,
    document: noLimit,
    ours: /^max\w+ \d+$/,
    reason: "The document knows the limit in its prose alone."
  },
  {
    operations: ["create-items-in-bulk-using-file-from-device"],
    at: "body.resources",
    document: noLimit,
    ours: "minItems 1, maxItems 20",
    reason: "The document knows the maximum in its prose, and without a file there is nothing to create."
  },
  {
    operations: ["get-items-within-frame"],
    at: "query.parent_item_id",
    document: "minimum 0",
    ours: noLimit,
    reason: "It is an id, which is not counted with."
  },

  // References and links

  {
    at: /\.(?:createdBy|modifiedBy)\.name$/,
    document: absent,
    reason: "One schema for all references to users. Those in boards have a name."
  },
  {
    operations: boardOperations,
    at: /\.(?:(?:createdBy|modifiedBy|owner|lastOpenedBy)\.(?:name|type)|lastOpenedBy\.id)$/,
    document: required,
    ours: optional,
    reason: "Nobody needs it to use a board, so a board without it is no failure."
  },
  {
    at: /^response\..*(?:createdBy|lastModifiedBy|users\[\])\.(?:email|firstName|lastName)$/,
    document: required,
    ours: optional,
    reason: "The id tells who it is. A user without a last name must not make a case or a legal hold unreadable."
  },
  {
    at: /\.links\.related$/,
    document: absent,
    reason: "One schema for the links of all resources. Those of boards and frames have this one."
  },
  {
    at: /\.parent\.links$/,
    document: absent,
    reason: "One schema for the parents of all items. Some come with links."
  },

  // Pages

  {
    operations: pagesWithoutItems,
    at: "response.data",
    document: optional,
    ours: required,
    reason: "A page without items would be taken for the end of the list, so a response that lacks them is a failure."
  },
  {
    at: /^response\.(?:size|limit|total|links|type)$/,
    document: absent,
    reason: "One schema for the pages of all lists. Miro's lists of items have a type that the document leaves out."
  },
  {
    at: /^response\.(?:size|limit)$/,
    document: required,
    ours: optional,
    reason: "Nobody needs it to read a page, so a page without it is no failure."
  },

  // Items

  {
    at: /\.(?:isSupported|links|style)$/,
    document: absent,
    reason: "Miro sends items with it, and its own clients lose it.",
    source: "https://github.com/miroapp/api-clients/issues/180"
  },
  {
    at: /\.position\.slotId$/,
    document: absent,
    reason: "Items that are embedded in a document have it since May 2025.",
    source: "https://developers.miro.com/changelog"
  },
  {
    at: /^response(?:\.data\[\])?\.(?:position|geometry|parent)$/,
    document: absent,
    reason: "The fields that items of all types have. Where Miro leaves one out, it is absent."
  },
  {
    at: /\.data\.(?:altText|contentVersion|showContent)$/,
    document: absent,
    reason:
      "Data of an image, a text document or a frame, which the document has only where it is written or got alone."
  },
  {
    operations: ["create-items", "create-items-in-bulk-using-file-from-device"],
    at: /^response\.data\[\]\.data\.\w+$/,
    document: absent,
    reason: "Items of every type can be created; the document has the data of images and documents alone."
  },
  {
    operations: ["create-items", "create-items-in-bulk-using-file-from-device"],
    at: /^response\.(?:type|data\[\]\.links)$/,
    document: required,
    ours: optional,
    reason: "The items are created by then: a missing link must not make the response a failure."
  },
  {
    at: /\.data\.shape$/,
    document: "not known",
    ours: /flow_chart_/,
    reason: "Shapes of flowcharts come in the same lists, and the document names them where it describes shapes."
  },
  {
    operations: [...textOperations, "create-doc-format-item", "get-doc-format-item"],
    at: /^response\.data\.(?:content|contentType)$/,
    document: required,
    ours: optional,
    reason: "Items share one schema with lists, where what Miro does not support comes without its data."
  },
  {
    operations: textOperations,
    at: "response.style.textAlign",
    ours: "the values unknown",
    reason: "What Miro sends where it cannot map an alignment to one that it documents, as it does for shapes."
  },
  {
    operations: ["create-shape-item", "create-shape-item-flowchart", "create-connector", "update-connector"],
    at: /^body\.style\.(?:textAlign(?:Vertical)?|(?:start|end)StrokeCap)$/,
    document: "the values unknown",
    reason: "It is a response, not something to wish for."
  },
  {
    at: /^body\..*\borigin$|^body\[\]\.position\.origin$/,
    document: absent,
    reason:
      "Miro's own recipes send it, every response has it, and the document's description of positions mentions it.",
    source: "https://developers.miro.com/docs/board-items-and-coordinates"
  },
  {
    at: /^body(?:\[\]|\.data)?\.parent\.id$/,
    document: optional,
    ours: required,
    reason: "A frame is chosen by its id alone."
  },
  {
    operations: ["create-items"],
    at: /^body\[\]\.data\.(?:format|showContent|type)$/,
    document: absent,
    reason: "The data of a frame: frames are among the types that the document allows, but their data is not."
  },
  {
    operations: ["create-items"],
    at: "body[].data.owned",
    ours: undeclaredField,
    reason: "Miro sets it by the app that makes the call."
  },
  {
    operations: ["create-items"],
    at: "body[].data.dueDate",
    ours: "a string",
    reason: "A timestamp in the input, which this check sees only after it is written."
  },
  {
    operations: ["create-items-in-bulk-using-file-from-device"],
    at: "body.data",
    document: "a file",
    ours: "an array of an object",
    reason: "A file of JSON, whose contents the reference describes.",
    source: "https://developers.miro.com/reference/json-data-example"
  },
  {
    operations: ["create-document-item-using-url"],
    at: "body.geometry",
    document: absent,
    reason: "Miro takes it for documents that are uploaded or changed, and its own Node client sends it here."
  },
  {
    operations: ["update-document-item-using-file-from-device"],
    at: "body.data.altText",
    ours: undeclaredField,
    reason: "The document shares a schema with images; Miro's reference has no such field for documents.",
    source: "https://developers.miro.com/reference/update-document-item-using-file-from-device"
  },

  // Groups of items, whose schema in the document is that of user groups

  {
    operations: ["createGroup", "updateGroup"],
    at: /^body\.(?:data|id|name|description|type)$/,
    reason: "A group is made of items: { data: { items } }. The document's schema is that of a group of users."
  },
  {
    operations: ["createGroup", "updateGroup", "getGroupById", "get-all-groups"],
    at: /^response(?:\.data\[\])?\.(?:data\.\w+|links\.(?:first|last|next|prev))$/,
    reason: "A group has the ids of its items and a link to itself. The document's schema is that of a group of users."
  },
  {
    operations: ["createGroup", "updateGroup", "getGroupById", "get-all-groups"],
    at: /^response(?:\.data\[\])?\.id$/,
    document: optional,
    ours: required,
    reason: "Without its id, nothing can be done with a group."
  },
  {
    operations: ["get-all-groups", "getItemsByGroupId"],
    at: "response.cursor",
    document: absent,
    reason: "Both take a cursor, which has to come from somewhere."
  },
  {
    operations: ["getItemsByGroupId"],
    at: "response.data",
    ours: /^(?:required|an object or an array of an object)$/,
    reason: "The document has pages within the page. The items are taken out of them, or from where they should be."
  },
  {
    operations: ["getItemsByGroupId"],
    at: /^response\.data\.data(?:\[\].*)?$/,
    document: /^(?:not there|an array of an object)$/,
    ours: /^(?!not declared)/,
    reason: "The same: both pages and items are taken there."
  },
  {
    operations: ["getItemsByGroupId"],
    at: /^response\.data\.data(?:\[\]\.type)?$/,
    document: optional,
    ours: required,
    reason: "A page without items would be taken for one that has none, and the type tells items apart."
  },
  {
    operations: ["getItemsByGroupId"],
    at: /^response\.data\.(?:id|type|data\[\]\.(?:limit|offset|size|total|links\.(?:first|last|next|prev)))$/,
    ours: undeclaredField,
    reason: "What is said of the pages within is of no use once the items are taken out of them."
  },
  {
    operations: ["getGroupById"],
    at: "level per item",
    document: "true",
    reason: "How many items the group has is known only afterwards."
  },

  // Boards, tags and members

  {
    operations: boardOperations,
    at: /^response(?:\.data\[\])?\.description$/,
    document: required,
    ours: optional,
    reason: "It can be taken away, and a board without one must not make a list of boards unreadable."
  },
  {
    operations: ["update-board"],
    at: "status",
    document: "202",
    reason: "Gives undefined: Miro accepted the change, and has nothing to show yet."
  },
  {
    operations: boardOperations,
    at: /\.(?:currentUserMembership\.links|project|lastOpenedAt|lastOpenedBy)$/,
    document: absent,
    reason: "One schema for boards, wherever they come from."
  },
  {
    operations: boardOperations,
    at: /\.currentUserMembership\.type$/,
    document: required,
    ours: optional,
    reason: "It says what is known already, so a response without it is no failure."
  },
  {
    operations: ["get-board-members", "get-specific-board-member", "update-board-member"],
    at: /^response(?:\.data\[\])?\.type$/,
    document: required,
    ours: optional,
    reason: "It says what is known already, so a response without it is no failure."
  },
  {
    operations: ["update-board-member"],
    at: "body.role",
    document: optional,
    ours: required,
    reason: "The only thing to change. Left out, Miro's default would make the member a commenter."
  },
  {
    operations: ["get-tags-from-item"],
    at: "response.tags",
    document: optional,
    ours: required,
    reason: "All that is asked for; without it, it would look as if the item had no tags."
  },

  // Tokens

  {
    operations: ["token-info"],
    at: /^response\.(?:type|(?:organization|team|createdBy|user)(?:\.(?:name|type))?)$/,
    document: required,
    ours: optional,
    reason: "A token need not belong to an organization, and the rest is only for show."
  },
  {
    operations: ["token-info"],
    at: "response.application",
    document: absent,
    reason: "Miro sends it."
  },

  // Enterprise

  {
    operations: [
      "enterprise-get-team-settings",
      "enterprise-get-default-team-settings",
      "enterprise-update-team-settings"
    ],
    at: /\.copyAccessLevel$/,
    document: "the values board_owner            -",
    ours: "not known",
    reason: "A slip in the document: `board_owner`, followed by blanks and a hyphen."
  },
  {
    operations: [
      "enterprise-get-team-settings",
      "enterprise-get-default-team-settings",
      "enterprise-update-team-settings"
    ],
    at: /\.copyAccessLevel$/,
    document: "not known",
    ours: "the values board_owner",
    reason: "A slip in the document: `board_owner`, followed by blanks and a hyphen."
  },
  {
    at: /\.role$/,
    ours: "the values team_guest",
    reason: "A role of guests in a team, which the document knows in its prose."
  },
  {
    operations: ["enterprise-create-board-export"],
    at: "body.boardIds",
    document: optional,
    ours: required,
    reason: "The document asks for at least one."
  },
  {
    operations: ["enterprise-update-board-export-job"],
    at: "response.status",
    ours: /^(?:a string|optional)$/,
    reason: "The document asks for an object that is a string, which nothing is; the status is a string elsewhere."
  },
  {
    operations: ["create-legal-hold", "edit-legal-hold"],
    at: "body.scope.users",
    document: optional,
    ours: required,
    reason: "The document requires `user`, which does not exist, and means `users`."
  },

  // SCIM

  {
    at: "path",
    document: /\{id\}$/,
    reason: "An id says of what it is, as everywhere else."
  },
  {
    operations: [
      "listUsers",
      "createUser",
      "getUser",
      "replaceUser",
      "patchUser",
      "listGroups",
      "getGroup",
      "patchGroup"
    ],
    at: /^response(?:\.Resources\[\])?\.id$/,
    document: optional,
    ours: required,
    reason: "SCIM has it in every response, whichever attributes are asked for.",
    source: "https://datatracker.ietf.org/doc/html/rfc7643#section-3.1"
  },
  {
    at: /\.schemas\[\]$/,
    ours: "the values urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    reason: "SCIM names all schemas that a resource uses, and users may use this one.",
    source: "https://datatracker.ietf.org/doc/html/rfc7643#section-3"
  },
  {
    at: /\.emails\[\]\.display$/,
    document: absent,
    reason: "The document names it in its prose."
  },
  {
    operations: ["patchUser", "patchGroup"],
    at: /^body\.Operations\[\]\.(?:path|value)$/,
    ours: /a string|optional/,
    reason:
      "What SCIM allows, and some of it the document's own examples use: no value for a removal, a boolean, no path for an object.",
    source: "https://datatracker.ietf.org/doc/html/rfc7644#section-3.5.2"
  },
  {
    operations: ["listSchemas", "getSchema", "listResourceTypes"],
    at: /\.(?:schemas|subAttributes|startIndex|itemsPerPage)$/,
    document: absent,
    reason: "One schema for what is listed and what is got alone, and for all lists."
  },
  {
    operations: ["getSchema"],
    at: "response.attributes[].schemas[]",
    reason: "The document names the schema of users alone, but describes those of groups too."
  }
]
